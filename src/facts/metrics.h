// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics of data/events/GROUP/metrics.json: formulas over events, trees of them, and sets for -M.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/experiment.h"

namespace pw {

struct MetricEvent {
  std::string symbol;  // in the formula
  std::string event;   // "PM_CMPLU_STALL"; "cpu/NAME/": of the CPU's own PMU, whatever that is called
};

// Numbers for the symbols, and what the formula makes of them.
struct MetricCheck {
  std::vector<std::pair<std::string, double>> given;
  double expected = 0;
};

struct MetricFact {
  std::string group;  // "generic", or a CPU
  std::string key;    // "cpi-stack.stall.lsu"
  std::string title;
  std::string unit;
  std::string parent;  // in a tree: the key of the whole that this is a part of
  std::string rest;    // of a parent: what its remainder is called
  std::string formula;
  std::string meaning;
  std::string source;
  std::vector<MetricEvent> events;
  MetricCheck check;
  bool standard = false;  // shown with every recording, known or unknown
};

// An event that a recording may have in the place of another.
struct Synonym {
  std::string event;
  std::string instead;
};

struct MetricSet {
  std::string name;
  std::vector<std::string> keys;
};

// The metrics of one group or of one CPU.
struct MetricList {
  std::vector<MetricFact> metrics;
  std::vector<MetricSet> sets;
  std::vector<Synonym> synonyms;

  const MetricFact* find(std::string_view key) const;
  std::vector<const MetricFact*> children(std::string_view key) const;
};

// The symbols of a formula that are no events: the time in seconds in which was counted, the number of CPUs
// online.
inline constexpr std::string_view kElapsedSymbol = "seconds";
inline constexpr std::string_view kCpusSymbol = "cpus";

// "generic", "power9", "power10", "x86", "arm64".
std::span<const std::string_view> metric_groups();

// Errors: Failure::input, where: "GROUP/metrics.json KEY".
Result<MetricList> parse_metrics(std::string_view group, std::string_view text);

// Those of a CPU: the generic ones, then its own. The files are in the program, and a test has read them.
MetricList metrics_of_cpu(std::string_view cpu);

// "power9" where the machine is one; POWER11 counts as POWER10. "generic" where nothing is known of it.
std::string metrics_cpu(const Machine& machine);
// The same, of a family of facts/cpu_family.h.
std::string metrics_group(const std::string& family);

// The formula with the events' names for its symbols: "PM_CMPLU_STALL / instructions".
std::string formula_with_events(const MetricFact& fact);

// What `-M LIST` stands for: keys of metrics (of a tree: with all below), names of sets, `all`.
struct MetricChoice {
  std::vector<MetricFact> metrics;  // in the order of the files
  std::vector<std::string> events;  // each once
};
Result<MetricChoice> choose_metrics(std::string_view cpu, std::string_view list);

}  // namespace pw
