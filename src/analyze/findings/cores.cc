// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/findings/cores.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "analyze/series/machine_states.h"
#include "base/list.h"
#include "base/text.h"

namespace pw {
namespace {

InputValue unknown(std::string why) { return {{}, "", std::move(why)}; }

// The CPUs of a list that are fewer than those online; "": it may run on all.
std::string allowed(const Recording& recording) {
  if (!recording.experiment.cpus.empty()) return recording.experiment.cpus;
  const auto of_cgroup = state_text(recording.machine, "cgroup_cpus");
  const auto online = state_text(recording.machine, "cpus_online");
  return of_cgroup && of_cgroup != online ? std::string(*of_cgroup) : "";
}

// The hardware threads of a core, online or not: of POWER, whose CPUs are numbered core by core. "SMT4 of 8".
std::optional<int> threads_of_a_core(const Machine& machine) {
  const std::string_view mode = state_text(machine, "smt_mode").value_or("");
  const std::size_t of = mode.find(" of ");
  if (!state_text(machine, "arch").value_or("").starts_with("ppc64") || of == std::string_view::npos)
    return std::nullopt;
  const auto threads = parse_integer(mode.substr(of + 4));
  return threads && *threads > 0 && *threads <= kListEnd ? std::optional(static_cast<int>(*threads))
                                                         : std::nullopt;
}

}  // namespace

InputValue cores_of(const Recording& recording) {
  if (!recording.experiment.target.empty()) return unknown("what was measured may run on other CPUs");
  const std::string list = allowed(recording);
  if (list.empty()) {
    const auto cores = state_number(recording.machine, "cores");
    return cores ? InputValue{cores, "", ""} : unknown("the number of cores is not in the recording");
  }
  const auto cpus = parse_list(list);
  if (!cpus) return unknown("'" + list + "' is no list of CPUs");
  const bool alone = state_text(recording.machine, "threads_per_core") == "1";
  const auto threads = alone ? std::optional(1) : threads_of_a_core(recording.machine);
  if (!threads) return unknown("which cores the CPUs " + list + " belong to is not in the recording");
  std::set<int> cores;
  for (const int cpu : *cpus) cores.insert(cpu / *threads);
  return {static_cast<double>(cores.size()), "", ""};
}

}  // namespace pw
