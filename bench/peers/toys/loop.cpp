// Times the native loop (toy_loop.h): loop TABLES TOYS THREADS PASSES -> {"seconds": wall, "cpuSeconds": of all threads,
// "hash": of all words as hashWords of tests/unit/toys/example-toys.ts}. g++ -O3 -march=native -std=c++17 -pthread (-DPLAIN)
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <thread>

#include "toy_loop.h"

constexpr u32 PART = 64; // toys a thread takes at a time, at most

static double cpuSeconds() {
  timespec s;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &s);
  return double(s.tv_sec) + 1e-9 * double(s.tv_nsec);
}

template <class C, int PASSES> static void timeLoop(const Tables &tables, u32 toys, u32 threads) {
  std::vector<u32> result(4 * size_t(toys));
  std::vector<std::unique_ptr<ToyLoop<C, PASSES>>> loops;
  for (u32 k = 0; k < threads; k++) loops.push_back(std::make_unique<ToyLoop<C, PASSES>>(tables, 1, 0));
  for (auto &loop : loops) loop->run(0, std::min(toys, PART), result.data()); // caches, as for all others

  const auto started = std::chrono::steady_clock::now();
  const double cpuStarted = cpuSeconds();
  std::atomic<u32> next{0};
  const u32 part = std::max(1u, std::min(PART, toys / (8 * threads)));
  std::vector<std::thread> running;
  for (auto &loop : loops) {
    running.emplace_back([&, own = loop.get()] {
      for (u32 from; (from = next.fetch_add(part)) < toys;) own->run(from, std::min(from + part, toys), result.data());
    });
  }
  for (auto &thread : running) thread.join();
  const double cpu = cpuSeconds() - cpuStarted;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();

  u32 a = 0x811c9dc5, b = 0x01000193;
  for (u32 word : result) {
    a = (a ^ word) * 0x01000193;
    b = (b ^ word ^ (a >> 15)) * 0x85ebca6b;
  }
  std::printf("{\"seconds\": %.6f, \"cpuSeconds\": %.6f", seconds, cpu);
  if (PASSES == 4) std::printf(", \"hash\": \"%08x%08x\"", a, b);
  std::printf("}\n");
}

template <class C> static void timePasses(const Tables &tables, u32 toys, u32 threads, int passes) {
  if (passes == 1) timeLoop<C, 1>(tables, toys, threads);
  if (passes == 2) timeLoop<C, 2>(tables, toys, threads);
  if (passes == 3) timeLoop<C, 3>(tables, toys, threads);
  if (passes == 4) timeLoop<C, 4>(tables, toys, threads);
}

int main(int arguments, char **argv) {
  Tables tables;
  if (arguments != 5 || !tables.read(argv[1])) return 1;
  const u32 toys = u32(std::atoi(argv[2])), threads = u32(std::atoi(argv[3]));
  const bool narrow = tables.mostEvents() < 0x8000 && tables.nWindows() <= 0x10000;
  if (narrow) timePasses<u16>(tables, toys, threads, std::atoi(argv[4]));
  else timePasses<u32>(tables, toys, threads, std::atoi(argv[4]));
}
