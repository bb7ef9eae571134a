// SPDX-License-Identifier: GPL-3.0-or-later
// Whose events `perfwatt run` counts, and when: -p, -a, -C, --per, --interval, --delay.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "counters/sets/target.h"
#include "model/experiment.h"

namespace pw {

// As asked for; "" and false: not.
struct TargetRequest {
  std::string processes, cpus;  // lists
  bool all_cpus = false;
  std::string per;  // "thread", "core", "socket", "cpu"
  std::optional<Seconds> interval, delay;
};

// Fills in target, per, interval and delay of `experiment`. Errors: requests that contradict each other, a
// process or CPU that cannot be counted.
Result<CountTarget> check_target(const TargetRequest& request, Experiment& experiment);

// perfwatt's own command, not for users, that ends when the processes that it is given have ended.
inline constexpr const char* kWaitFor = "wait-for-processes";

// What runs where no command is given: it ends when the processes of `target` have ended.
std::vector<std::string> command_until_end(const CountTarget& target);

}  // namespace pw
