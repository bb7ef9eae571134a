// SPDX-License-Identifier: GPL-3.0-or-later
// Event lists for a CPU that is not here: names to codes from the facts under data/events.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "counters/plan/resolve.h"
#include "counters/rules/power_code.h"

namespace pw {

// Errors: Failure::input, with the CPUs that are known.
Result<PowerCpu> known_power_cpu(std::string_view key);

// The events of `list` as the kernel of `cpu` counts them: perf's names, the hardware's own (PM_...) and
// rNNN, with perf's modifiers and {groups}; the study's where the list is empty. What that kernel does not
// count has a status and a reason. Errors: Failure::input, an unknown name, with what may have been meant and
// the CPUs that know it.
Result<std::vector<ResolvedEvent>> events_of_cpu(std::string_view cpu, std::string_view list);

}  // namespace pw
