// Tables of a toy problem as bench/support/toy-runners.ts writes them: number of arrays, floor rank, first word and words
// of a source in the header, then length and words of each array in the order of the kernel's bindings.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <vector>

using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;

struct Tables {
  std::vector<u32> header, totals, alias, atomFirst, lists, rankFirst, ranks;
  u32 floor = 0, firstSource = 0, sourceStride = 0;

  bool read(const char *name) {
    std::FILE *file = std::fopen(name, "rb");
    u32 head[4];
    if (!file || std::fread(head, sizeof(u32), 4, file) != 4 || head[0] != 7) return false;
    floor = head[1];
    firstSource = head[2];
    sourceStride = head[3];
    for (auto *array : {&header, &totals, &alias, &atomFirst, &lists, &rankFirst, &ranks}) {
      u32 length;
      if (std::fread(&length, sizeof(u32), 1, file) != 1) return false;
      array->resize(length);
      if (std::fread(array->data(), sizeof(u32), length, file) != length) return false;
    }
    std::fclose(file);
    ownFullSlots();
    return true;
  }

  u32 nWindows() const { return u32(rankFirst.size()) - 1; }
  u32 nSources() const { return header[0]; }
  u32 nSteps() const { return header[1]; }

  /// Words of a source: place, least count and size of its totals, place and bits of its alias table.
  const u32 *source(u32 step, u32 s) const { return &header[firstSource + sourceStride * (step * nSources() + s)]; }

  /// Largest number of events of a toy.
  u32 mostEvents() const {
    u32 most = 0;
    for (u32 step = 0; step < nSteps(); step++) {
      u32 sum = 0;
      for (u32 s = 0; s < nSources(); s++) sum += source(step, s)[1] + source(step, s)[2];
      most = std::max(most, sum);
    }
    return most;
  }

private:
  /// Full slots (threshold 2^32) become their own alias, so that one comparison decides.
  void ownFullSlots() {
    const auto own = [this](u32 place, u32 bits) {
      for (u32 slot = 0; slot < 1u << bits; slot++) {
        u32 *pair = &alias[2 * (place + slot)];
        if (pair[0] == 0xffffffff) pair[1] = slot;
      }
    };
    if (nSteps() > 1) own(header[2], header[3]);
    for (u32 step = 0; step < nSteps(); step++) {
      for (u32 s = 0; s < nSources(); s++) own(source(step, s)[3], source(step, s)[4]);
    }
  }
};
