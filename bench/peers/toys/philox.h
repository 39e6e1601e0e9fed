// Philox4x32-10 (src/stats/philox.ts) for LANES blocks side by side: with AVX2 by hand or, -DPLAIN, left to the compiler.
#pragma once
#include <cstdint>
#if defined(__AVX2__) && !defined(PLAIN)
#include <immintrin.h>
#endif

constexpr uint32_t LANES = 8;

#if defined(__AVX2__) && !defined(PLAIN)
/// Upper and lower halves of eight products.
static inline void multiply(__m256i a, __m256i m, __m256i &high, __m256i &low) {
  const __m256i even = _mm256_mul_epu32(a, m), odd = _mm256_mul_epu32(_mm256_srli_epi64(a, 32), m);
  high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa);
  low = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xaa);
}

/// Blocks `draw` to `draw + LANES - 1`: words [4][LANES].
static inline void blocks(uint32_t low, uint32_t high, uint32_t stream, uint32_t draw, uint32_t k0, uint32_t k1,
                          uint32_t (&words)[4][LANES]) {
  const auto all = [](uint32_t value) { return _mm256_set1_epi32(int(value)); };
  __m256i c0 = all(low), c1 = all(high), c2 = all(stream);
  __m256i c3 = _mm256_add_epi32(all(draw), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  for (int round = 0; round < 10; round++, k0 += 0x9e3779b9, k1 += 0xbb67ae85) {
    __m256i high0, low0, high1, low1;
    multiply(c0, all(0xd2511f53), high0, low0);
    multiply(c2, all(0xcd9e8d57), high1, low1);
    c0 = _mm256_xor_si256(_mm256_xor_si256(high1, c1), all(k0));
    c1 = low1;
    c2 = _mm256_xor_si256(_mm256_xor_si256(high0, c3), all(k1));
    c3 = low0;
  }
  const __m256i result[4] = {c0, c1, c2, c3};
  for (int k = 0; k < 4; k++) _mm256_storeu_si256(reinterpret_cast<__m256i *>(words[k]), result[k]);
}
#else
static inline void blocks(uint32_t low, uint32_t high, uint32_t stream, uint32_t draw, uint32_t k0, uint32_t k1,
                          uint32_t (&words)[4][LANES]) {
  for (uint32_t l = 0; l < LANES; l++) {
    words[0][l] = low;
    words[1][l] = high;
    words[2][l] = stream;
    words[3][l] = draw + l;
  }
  for (int round = 0; round < 10; round++, k0 += 0x9e3779b9, k1 += 0xbb67ae85) {
    for (uint32_t l = 0; l < LANES; l++) {
      const uint64_t p0 = uint64_t(words[0][l]) * 0xd2511f53, p1 = uint64_t(words[2][l]) * 0xcd9e8d57;
      words[0][l] = uint32_t(p1 >> 32) ^ words[1][l] ^ k0;
      words[1][l] = uint32_t(p1);
      words[2][l] = uint32_t(p0 >> 32) ^ words[3][l] ^ k1;
      words[3][l] = uint32_t(p0);
    }
  }
}
#endif
