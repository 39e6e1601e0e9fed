// The loop of toy_scan in C++: same algorithm, tables and words as wasm/toy_loop.ts. C is the type of windows and counts,
// u16 or u32. PASSES cuts it short to time its parts: 1 random words, 2 and atoms, 3 and lists of windows, 4 all of it.
#pragma once
#include <cstring>

#include "philox.h"
#include "tables.h"

constexpr u32 CHUNK = 256, SHORT = 8;

template <class C, int PASSES> struct ToyLoop {
  static constexpr u32 TOP = sizeof(C) == 2 ? 0x8000u : 0x80000000u;
  const Tables &t;
  const u32 seed0, seed1, nWindows;
  std::vector<C> lists, starts, plain, counts, gathered;
  u32 slots[CHUNK + 2 * LANES], seconds[CHUNK + 2 * LANES];
  u32 best = 0, window = 0;

  ToyLoop(const Tables &tables, u32 s0, u32 s1)
      : t(tables), seed0(s0), seed1(s1), nWindows(tables.nWindows()), lists(t.lists.begin(), t.lists.end()),
        starts(nWindows), plain(nWindows, C(TOP - 1)), counts(nWindows), gathered(SHORT * (CHUNK + 1)) {
    lists.resize(lists.size() + SHORT);
    for (u32 w = 0; w < nWindows; w++) {
      const u32 *rank = &t.ranks[t.rankFirst[w]], size = t.rankFirst[w + 1] - t.rankFirst[w];
      u32 least = 1;
      while (least < size && rank[least] < t.floor) least++;
      starts[w] = C(least < size || t.floor == 0 ? TOP - least : 0);
    }
  }

  /// Toys [from, to): rank, window, 0, 0 each.
  void run(u32 from, u32 to, u32 *result) {
    for (u32 toy = from; toy < to; toy++) {
      scan(toy, 0, starts.data());
      if (PASSES == 4 && window == 0xffffffff) scan(toy, 0, plain.data());
      const u32 words[4] = {best, window, 0, 0};
      std::memcpy(result + 4 * size_t(toy), words, sizeof words);
    }
  }

private:
  void scan(u32 low, u32 high, const C *start) {
    u32 c[4][LANES], step = 0;
    if (PASSES == 4) std::memcpy(counts.data(), start, nWindows * sizeof(C));
    best = 0;
    window = 0xffffffff;
    if (t.nSteps() > 1) {
      blocks(low, high, 0xffff, 0, seed0, seed1, c);
      step = drawAlias(t.header[2], c[0][0] >> (32 - t.header[3]), c[1][0]);
    }
    for (u32 s = 0; s < t.nSources(); s++) {
      const u32 *source = t.source(step, s);
      blocks(low, high, s, 0xffffffff, seed0, seed1, c);
      const u32 total = drawTotal(source[0], source[1], source[2], c[0][0], c[1][0]);
      for (u32 done = 0; done < total; done += CHUNK) {
        const u32 n = std::min(CHUNK, total - done);
        eventWords(n, 32 - source[4], low, high, s, done >> 1);
        countEvents(n, source[3], start);
      }
    }
  }

  /// Two words per event; a block has words for two events, the first ones of all lanes come first.
  void eventWords(u32 n, u32 shift, u32 low, u32 high, u32 stream, u32 draw) {
    u32 c[4][LANES], at = 0;
    for (u32 e = 0; e < n; e += 2 * LANES) {
      blocks(low, high, stream, draw + (e >> 1), seed0, seed1, c);
      for (u32 half = 0; half < 4; half += 2) {
        for (u32 l = 0; l < LANES; l++) slots[at + l] = c[half][l] >> shift;
        for (u32 l = 0; l < LANES; l++) seconds[at + l] = c[half + 1][l];
        at += half == 0 ? std::min(n - e + 1, 2 * LANES) >> 1 : LANES;
      }
    }
  }

  void countEvents(u32 n, u32 place, const C *start) {
    C *out = gathered.data();
    for (u32 e = 0; e < n; e++) {
      if constexpr (PASSES == 1) {
        best += slots[e] ^ seconds[e];
        continue;
      }
      const u32 atom = drawAlias(place, slots[e], seconds[e]);
      if constexpr (PASSES == 2) {
        best += atom;
        continue;
      }
      const C *list = &lists[t.atomFirst[atom]];
      const u32 length = t.atomFirst[atom + 1] - t.atomFirst[atom];
      if (length > SHORT) {
        countList(list, list + length, start);
        continue;
      }
      std::memcpy(out, list, SHORT * sizeof(C));
      out += length;
    }
    countList(gathered.data(), out, start);
  }

  void countList(const C *__restrict list, const C *end, const C *__restrict start) {
    if (PASSES == 3) {
      if (list < end) best += *list;
      return;
    }
    C *__restrict counted = counts.data();
    for (; list < end; list++) {
      const u32 w = *list, n = u32(counted[w]) + 1;
      counted[w] = C(n);
      if (n & TOP) lookUp(w, n - start[w]);
    }
  }

  void lookUp(u32 w, u32 n) {
    const u32 rank = t.ranks[std::min(t.rankFirst[w] + n, t.rankFirst[w + 1] - 1)];
    if (rank > best || (rank == best && w < window)) {
      best = rank;
      window = w;
    }
  }

  u32 drawAlias(u32 place, u32 slot, u32 second) const {
    const u32 *pair = &t.alias[2 * (place + slot)];
    return second < pair[0] ? slot : pair[1];
  }

  /// Number of thresholds at or below the 64-bit word.
  u32 drawTotal(u32 place, u32 least, u32 size, u32 high, u32 low) const {
    const u64 word = u64(high) << 32 | low;
    u32 from = 0, to = size;
    while (from < to) {
      const u32 middle = (from + to) >> 1, *threshold = &t.totals[2 * (place + middle)];
      if ((u64(threshold[0]) << 32 | threshold[1]) <= word) from = middle + 1;
      else to = middle;
    }
    return least + from;
  }
};
