// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/precision.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace pw::inference {
namespace {

using Isa = dnnl::cpu_isa;

struct Need {
  Precision precision;
  std::vector<Isa> any_of;
  const char* names;  // as /proc/cpuinfo has them
};

const std::vector<Need>& needs() {
  static const std::vector<Need> rows = {
      {Precision::bf16, {Isa::avx512_core_bf16}, "avx512_bf16"},
      {Precision::int8, {Isa::avx512_core_vnni, Isa::avx2_vnni}, "avx512_vnni or avx_vnni"},
  };
  return rows;
}

// An ISA has the bits of all that it includes.
bool includes(Isa isa, Isa wanted) {
  const auto bits = static_cast<unsigned>(wanted);
  return (static_cast<unsigned>(isa) & bits) == bits;
}

}  // namespace

Isa usable_isa() {
#ifdef __x86_64__
  return dnnl::get_effective_cpu_isa();
#else
  return Isa::all;
#endif
}

Result<> check_precision(Precision precision, Backend backend, Isa isa) {
  for (const Need& need : needs()) {
    if (need.precision != precision) continue;
    const char* const name = precision_name(precision);
    if (backend == Backend::blas)
      return fail(Failure::not_possible, fmt::format("the blas backend has no {}, only fp32", name), "",
                  "--backend onednn, or --precision fp32");
    const bool can = std::any_of(need.any_of.begin(), need.any_of.end(),
                                 [isa](Isa wanted) { return includes(isa, wanted); });
    if (!can)
      return fail(Failure::not_possible,
                  fmt::format("oneDNN finds no {} on this CPU, which {} needs", need.names, name), "",
                  "ONEDNN_MAX_CPU_ISA, where it is set, hides some of what a CPU has");
  }
  return {};
}

}  // namespace pw::inference
