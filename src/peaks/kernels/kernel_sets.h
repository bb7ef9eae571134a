// SPDX-License-Identifier: GPL-3.0-or-later
// Which kernels this CPU can run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "peaks/kernels/kernels.h"

namespace pw {

// The widest first, "generic" last.
std::vector<const KernelSet*> usable_kernels();

// "AVX2+FMA, SSE2, generic".
std::string isa_text(const std::vector<const KernelSet*>& sets);

// Of the first set that has one. Null, and nothing: there is none.
struct ChosenKernel {
  const KernelSet* set = nullptr;
  const ComputeKernel* compute = nullptr;
};
ChosenKernel compute_kernel(const std::vector<const KernelSet*>& sets, std::string_view quantity);
const KernelSet* memory_kernels(const std::vector<const KernelSet*>& sets);

// A chain of `operations` each of which takes a known number of cycles. Returns the cycles that it takes; 0
// where no such operation is known of this architecture.
double run_clock_chain(std::int64_t operations);

}  // namespace pw
