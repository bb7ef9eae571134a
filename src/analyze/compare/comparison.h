// SPDX-License-Identifier: GPL-3.0-or-later
// Is it better: recordings before against recordings after.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "analyze/compare/clock_or_code.h"
#include "analyze/compare/decide.h"
#include "analyze/compare/quantities.h"

namespace pw {

struct CompareOptions {
  CompareRules rules;
  std::vector<std::string> rows;            // named beforehand; none: elapsed time and the machine's energy
  std::map<std::string, Direction> better;  // of quantities for which it is not known
  bool paired = false;                      // both sides are variants of one recording
  bool any_time = false;                    // likewise, whose tests a rule has ended
  bool width_is_given = false;              // else that of --until-decided comes before rules.same_within
};

// Those of variants of one recording: whether their tests are pairs, and whether a rule has ended them.
CompareOptions options_of_variants(const Experiment& experiment, CompareOptions options = {});

// What is not the same on both sides.
struct SideDifference {
  std::string key, before, after;
};
// What was measured.
std::string label_or_command(const Experiment& experiment);

// Of the machine, its environment, the experiment.
std::vector<Fact> side_facts(const Recording& recording);
std::vector<SideDifference> side_differences(const std::vector<Fact>& before, const std::vector<Fact>& after);

// Every quantity of both sides, as it will be compared. `paired`: one of each side, whose tests are pairs.
std::vector<CompareInput> compare_inputs(std::span<const Explanation> before,
                                         std::span<const Explanation> after, const CompareOptions& options);

struct Comparison {
  std::string variant;                    // its label; "": the recordings have none
  std::string reference;                  // that of old, where both are of one recording; else ""
  std::vector<std::string> other_values;  // that these have, by name
  std::string stop_rule;                  // that ended tests of either side, as typed; "": none did
  Basis basis = Basis::one_session;
  std::string measured[2];         // label_or_command() of the first of either side
  std::size_t recordings[2] = {};  // old, new
  std::size_t tests[2] = {};
  std::vector<SideDifference> differences;
  std::vector<ComparedRow> rows;
  int by_chance = 0;                                // Decided's
  double same_within = CompareRules().same_within;  // that decided
  ClockOrCode clock;
  std::vector<std::string> unknown;  // of CompareOptions, that no recording has
};

// With what was decided of compare_inputs(before, after, options).
Comparison comparison_of(std::span<const Explanation> before, std::span<const Explanation> after,
                         const CompareOptions& options, Decided decided);

// One or more on either side.
Comparison compare(std::span<const Explanation> before, std::span<const Explanation> after,
                   const CompareOptions& options);

}  // namespace pw
