// SPDX-License-Identifier: GPL-3.0-or-later
#if defined(__powerpc64__) && defined(__VSX__)
#include "peaks/kernels/chains.h"

namespace pw {
namespace {

using VsxFloats = float __attribute__((vector_size(16)));
using VsxDoubles = double __attribute__((vector_size(16)));
using VsxWords = std::uint64_t __attribute__((vector_size(16)));

constexpr ComputeKernel kVsxCompute[] = {
    {"fp64", "24 chains of 2 a <- a * b + c", 96, multiply_adds<VsxDoubles, double, 24>, 0},
    {"fp32", "24 chains of 4 a <- a * b + c", 192, multiply_adds<VsxFloats, float, 24>, 0}};
constexpr MemoryKernel kVsxMemory = {loads<VsxWords>, triad<VsxDoubles>};

}  // namespace

const KernelSet kVsx = {"VSX", kVsxCompute, 2, &kVsxMemory};

}  // namespace pw
#endif
