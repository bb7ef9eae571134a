// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled for Armv8.2 with DotProd, BF16 and I8MM; each set is used where the CPU has what it is called by.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "peaks/kernels/chains.h"

namespace pw {
namespace {

struct NeonSdot {
  using Factors = int8x16_t;
  static PW_INLINE Factors first() { return vdupq_n_s8(1); }
  static PW_INLINE Factors second() { return vdupq_n_s8(2); }
  static PW_INLINE int32x4_t add(int32x4_t sum, Factors a, Factors b) { return vdotq_s32(sum, a, b); }
};

struct NeonSmmla : NeonSdot {
  static PW_INLINE int32x4_t add(int32x4_t sum, Factors a, Factors b) { return vmmlaq_s32(sum, a, b); }
};

struct NeonBfmmla {
  using Factors = bfloat16x8_t;
  // Of a constant g++ 12 makes the bits of another number (fp16's).
  static PW_INLINE Factors of(std::uint16_t bits) {
    return vreinterpretq_bf16_u16(vdupq_n_u16(unknown(bits)));
  }
  static PW_INLINE Factors first() { return of(0x3f80); }   // 1
  static PW_INLINE Factors second() { return of(0x4000); }  // 2
  static PW_INLINE float32x4_t add(float32x4_t sum, Factors a, Factors b) { return vbfmmlaq_f32(sum, a, b); }
};

constexpr ComputeKernel kNeonDotCompute[] = {{"int8", "24 chains of sdot on 16", 768,
                                              dot_products<int32x4_t, std::int32_t, NeonSdot, 24>,
                                              24 * 4 * 4 * 2}};
constexpr ComputeKernel kNeonI8mmCompute[] = {{"int8", "24 chains of smmla on 2x8", 1536,
                                               dot_products<int32x4_t, std::int32_t, NeonSmmla, 24>,
                                               24 * 4 * 8 * 2}};
constexpr ComputeKernel kNeonBf16Compute[] = {{"bf16", "24 chains of bfmmla on 2x4", 768,
                                               dot_products<float32x4_t, float, NeonBfmmla, 24>,
                                               24 * 4 * 4 * 2}};

}  // namespace

const KernelSet kNeonDot = {"DotProd", kNeonDotCompute, 1, nullptr};
const KernelSet kNeonI8mm = {"I8MM", kNeonI8mmCompute, 1, nullptr};
const KernelSet kNeonBf16 = {"BF16", kNeonBf16Compute, 1, nullptr};

}  // namespace pw
#endif
