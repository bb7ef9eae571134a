// SPDX-License-Identifier: GPL-3.0-or-later
// Plain C++, as the compiler makes it for every CPU of the architecture.
#include "peaks/kernels/chains.h"

namespace pw {
namespace {

constexpr ComputeKernel kGenericCompute[] = {
    {"fp64", "8 chains of a <- a * b + c", 16, multiply_adds<double, double, 8>, 0},
    {"fp32", "8 chains of a <- a * b + c", 16, multiply_adds<float, float, 8>, 0}};
constexpr MemoryKernel kGenericMemory = {loads<std::uint64_t>, triad<double>};

}  // namespace

const KernelSet kGeneric = {"generic", kGenericCompute, 2, &kGenericMemory};

}  // namespace pw
