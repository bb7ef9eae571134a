// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled for AVX2 and AVX-VNNI.
#if defined(__x86_64__)
#include <immintrin.h>

#include "peaks/kernels/chains.h"

namespace pw {
namespace {

struct AvxVnniDot {
  using Factors = __m256i;
  static PW_INLINE Factors first() { return _mm256_set1_epi8(1); }
  static PW_INLINE Factors second() { return _mm256_set1_epi8(2); }
  static PW_INLINE __m256i add(__m256i sum, Factors a, Factors b) {
    return _mm256_dpbusd_avx_epi32(sum, a, b);
  }
};

constexpr ComputeKernel kAvxVnniCompute[] = {{"int8", "12 chains of vpdpbusd on 32", 768,
                                              dot_products<__m256i, std::int32_t, AvxVnniDot, 12>,
                                              12 * 8 * 4 * 2}};

}  // namespace

const KernelSet kAvxVnni = {"AVX-VNNI", kAvxVnniCompute, 1, nullptr};

}  // namespace pw
#endif
