// SPDX-License-Identifier: GPL-3.0-or-later
#if defined(__aarch64__)
#include <arm_neon.h>

#include "peaks/kernels/chains.h"

namespace pw {
namespace {

using NeonDoubles = double __attribute__((vector_size(16)));
using NeonWords = std::uint64_t __attribute__((vector_size(16)));

// FMLA adds to what it writes: a * b + c would be a copy besides.
struct NeonFp32 {
  using Factors = float32x4_t;
  static PW_INLINE Factors first() { return vdupq_n_f32(1); }
  static PW_INLINE Factors second() { return vdupq_n_f32(2); }
  static PW_INLINE Factors add(Factors sum, Factors a, Factors b) { return vfmaq_f32(sum, a, b); }
};

struct NeonFp64 {
  using Factors = float64x2_t;
  static PW_INLINE Factors first() { return vdupq_n_f64(1); }
  static PW_INLINE Factors second() { return vdupq_n_f64(2); }
  static PW_INLINE Factors add(Factors sum, Factors a, Factors b) { return vfmaq_f64(sum, a, b); }
};

constexpr ComputeKernel kNeonCompute[] = {
    {"fp64", "24 chains of fmla on 2", 96, dot_products<float64x2_t, double, NeonFp64, 24>, 24 * 2 * 2},
    {"fp32", "24 chains of fmla on 4", 192, dot_products<float32x4_t, float, NeonFp32, 24>, 24 * 4 * 2}};
constexpr MemoryKernel kNeonMemory = {loads<NeonWords>, triad<NeonDoubles>};

}  // namespace

const KernelSet kNeon = {"NEON", kNeonCompute, 2, &kNeonMemory};

}  // namespace pw
#endif
