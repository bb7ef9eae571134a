// SPDX-License-Identifier: GPL-3.0-or-later
// Which arithmetic this CPU has.
#pragma once

#include <dnnl.hpp>

#include "base/result.h"
#include "inference/plan/network_options.h"

namespace pw::inference {

// What oneDNN may use here: the CPU's, and no more than ONEDNN_MAX_CPU_ISA says. dnnl::cpu_isa::all (no bit)
// where it has no kernels for the architecture.
dnnl::cpu_isa usable_isa();

// Failure::not_possible with the reason where the backend, or a CPU of that ISA, has no instructions for it.
// 8 bits need VNNI: without it sums of products are saturated.
Result<> check_precision(Precision precision, Backend backend, dnnl::cpu_isa isa);

}  // namespace pw::inference
