// SPDX-License-Identifier: GPL-3.0-or-later
// Whose events `perfwatt run` counts, and when: -p, -a, -C, --per, --interval, --delay.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "base/result.h"
#include "counters/sets/target.h"
#include "model/experiment.h"

namespace pw {

struct TypedTarget {
  std::string processes, cpus, per;
  bool all_cpus = false;
  double interval_ms = 0, delay_ms = 0;
};

void add_target_options(CLI::App& app, TypedTarget& typed);

// Fills in target, per, interval and delay of `experiment`. Errors: options that contradict each other, a
// process or CPU that cannot be counted.
Result<CountTarget> check_target(const TypedTarget& typed, Experiment& experiment);

// The command that stands for one that is not given: it ends when the processes of `target` have ended.
std::vector<std::string> command_until_end(const CountTarget& target);

}  // namespace pw
