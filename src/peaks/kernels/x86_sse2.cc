// SPDX-License-Identifier: GPL-3.0-or-later
#if defined(__x86_64__)
#include "peaks/kernels/chains.h"

namespace pw {
namespace {

using Sse2Floats = float __attribute__((vector_size(16)));
using Sse2Doubles = double __attribute__((vector_size(16)));
using Sse2Words = std::uint64_t __attribute__((vector_size(16)));

constexpr ComputeKernel kSse2Compute[] = {
    {"fp64", "12 chains of 2 a <- a * b, a <- a + c", 48, multiply_adds<Sse2Doubles, double, 12>, 0},
    {"fp32", "12 chains of 4 a <- a * b, a <- a + c", 96, multiply_adds<Sse2Floats, float, 12>, 0}};
constexpr MemoryKernel kSse2Memory = {loads<Sse2Words>, triad<Sse2Doubles>};

}  // namespace

const KernelSet kSse2 = {"SSE2", kSse2Compute, 2, &kSse2Memory};

}  // namespace pw
#endif
