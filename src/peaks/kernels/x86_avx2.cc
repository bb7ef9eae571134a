// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled for AVX2 and FMA.
#if defined(__x86_64__)
#include <immintrin.h>

#include "peaks/kernels/chains.h"

namespace pw {
namespace {

using AvxFloats = float __attribute__((vector_size(32)));
using AvxDoubles = double __attribute__((vector_size(32)));
using AvxWords = std::uint64_t __attribute__((vector_size(32)));

// As int8 is multiplied where there is no VNNI: pairs of 8 bits, pairs of these, and the sum.
struct Avx2Dot {
  using Factors = __m256i;
  static PW_INLINE Factors first() { return _mm256_set1_epi8(1); }
  static PW_INLINE Factors second() { return _mm256_set1_epi8(2); }
  static PW_INLINE __m256i add(__m256i sum, Factors a, Factors b) {
    __asm__ volatile("" : "+x"(a));  // else it is multiplied once for all rounds
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), _mm256_set1_epi16(1)));
  }
};

constexpr ComputeKernel kAvx2Compute[] = {
    {"fp64", "12 chains of 4 a <- a * b + c", 96, multiply_adds<AvxDoubles, double, 12>, 0},
    {"fp32", "12 chains of 8 a <- a * b + c", 192, multiply_adds<AvxFloats, float, 12>, 0},
    {"int8", "8 chains of vpmaddubsw, vpmaddwd, vpaddd", 512, dot_products<__m256i, std::int32_t, Avx2Dot, 8>,
     8 * 8 * 4 * 2}};
constexpr MemoryKernel kAvx2Memory = {loads<AvxWords>, triad<AvxDoubles>};

}  // namespace

const KernelSet kAvx2 = {"AVX2+FMA", kAvx2Compute, 3, &kAvx2Memory};

}  // namespace pw
#endif
