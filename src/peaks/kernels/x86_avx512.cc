// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled for AVX-512 (F, BW, VNNI, BF16); each set is used where the CPU has what it is called by.
#if defined(__x86_64__)
#include <immintrin.h>

#include "peaks/kernels/chains.h"

namespace pw {
namespace {

using ZmmFloats = float __attribute__((vector_size(64)));
using ZmmDoubles = double __attribute__((vector_size(64)));
using ZmmWords = std::uint64_t __attribute__((vector_size(64)));

struct ZmmVnniDot {
  using Factors = __m512i;
  static PW_INLINE Factors first() { return _mm512_set1_epi8(1); }
  static PW_INLINE Factors second() { return _mm512_set1_epi8(2); }
  static PW_INLINE __m512i add(__m512i sum, Factors a, Factors b) { return _mm512_dpbusd_epi32(sum, a, b); }
};

struct ZmmBf16Dot {
  using Factors = __m512i;
  static PW_INLINE Factors first() { return _mm512_set1_epi16(0x3f80); }   // 1 as bf16
  static PW_INLINE Factors second() { return _mm512_set1_epi16(0x4000); }  // 2
  static PW_INLINE __m512 add(__m512 sum, Factors a, Factors b) {
    return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b));
  }
};

constexpr ComputeKernel kAvx512Compute[] = {
    {"fp64", "24 chains of 8 a <- a * b + c", 384, multiply_adds<ZmmDoubles, double, 24>, 0},
    {"fp32", "24 chains of 16 a <- a * b + c", 768, multiply_adds<ZmmFloats, float, 24>, 0}};
constexpr MemoryKernel kAvx512Memory = {loads<ZmmWords>, triad<ZmmDoubles>};
constexpr ComputeKernel kAvx512VnniCompute[] = {{"int8", "24 chains of vpdpbusd on 64", 3072,
                                                 dot_products<__m512i, std::int32_t, ZmmVnniDot, 24>,
                                                 24 * 16 * 4 * 2}};
constexpr ComputeKernel kAvx512Bf16Compute[] = {{"bf16", "24 chains of vdpbf16ps on 32", 1536,
                                                 dot_products<__m512, float, ZmmBf16Dot, 24>,
                                                 24 * 16 * 2 * 2}};

}  // namespace

const KernelSet kAvx512 = {"AVX-512", kAvx512Compute, 2, &kAvx512Memory};
const KernelSet kAvx512Vnni = {"AVX512-VNNI", kAvx512VnniCompute, 1, nullptr};
const KernelSet kAvx512Bf16 = {"AVX512-BF16", kAvx512Bf16Compute, 1, nullptr};

}  // namespace pw
#endif
