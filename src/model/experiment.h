// SPDX-License-Identifier: GPL-3.0-or-later
// What is to be measured, and on what.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"

namespace pw {

struct Fact {
  std::string key;
  std::string value;
};

struct Capture {
  std::string name;
  std::string pattern;  // ECMAScript regular expression; the first group is taken
};

// One combination of the values of -L.
struct Variant {
  std::string label;                 // "threads=2 batch=8"
  std::vector<Fact> values;          // by parameter, in the order of -L: every variant has the same keys
  std::vector<std::string> command;  // the words, with the values in their places
};

inline constexpr std::size_t kMostVariants = 10'000, kMostParameters = 100;

struct Experiment {
  std::vector<std::string> command;  // with variants: as typed, {NAME} in the places of values
  std::string directory;             // the working directory of the command
  std::string label;
  int tests = 11;
  int warmups = 1;
  Seconds idle;   // before and after; 0: none
  Seconds pause;  // between executions
  bool multiplex = false;
  std::optional<double> items;  // units of work per execution
  std::vector<Capture> captures;
  std::string cpus;  // CPU list the command is pinned to; "": not pinned
  std::string user;  // user the command runs as; "": ours
  std::optional<Seconds> timeout;
  std::string target;               // "" the command; "process 123", "CPUs 0, 1"
  std::string per;                  // "thread", "core", "socket", "cpu"; "": not told apart
  std::optional<Seconds> interval;  // between readings on the way
  std::optional<Seconds> delay;     // from the begin of an execution to the start of its counters
  std::vector<Variant> variants;    // none without -L; Execution::variant is then 0
  std::vector<Fact> procedure;      // how executions were arranged: order, setup, prepare, vary, ...
};

// The command of an experiment in which none runs: power is watched alone.
inline constexpr std::string_view kPowerAlone = "(power alone)";
inline bool power_alone(const Experiment& experiment) {
  return experiment.command.size() == 1 && experiment.command.front() == kPowerAlone;
}

// arch, cpu_model, cpus, kernel, ... in the order in which they are shown.
using Machine = std::vector<Fact>;

}  // namespace pw
