// SPDX-License-Identifier: GPL-3.0-or-later
// Why the time is another: elapsed = cycles / (frequency x CPUs used), so that the ratio of two times is that
// of the cycles over those of frequency and CPUs. docs/method.md, "The clock or the code".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyze/compare/compare_input.h"
#include "analyze/compare/quantities.h"
#include "analyze/statistics/bootstrap.h"

namespace pw {

struct ClockPart {
  std::string name, unit;
  double before = 0, after = 0;       // medians
  double ratio = 1;                   // after / before
  std::optional<Interval> ci95 = {};  // of the ratio
  bool told = false;                  // apart from 1, at 5 % over the three parts together
};

struct ClockOrCode {
  std::string why;                   // why it is not known; "": it is
  std::vector<ClockPart> parts;      // elapsed, and what makes it up: cycles, frequency, CPUs used
  std::vector<std::string> machine;  // what says that the machine was another, a sentence each
  std::string conclusion;            // "" where the times are not told apart
};

// One side's recordings: values of the same tests.
struct ClockSide {
  std::vector<std::vector<double>> elapsed, cycles, cpu_seconds;
};

// How the values were come by. `elapsed_told`: the comparison claims that the times differ. `stop_rule`: what
// ended tests of either side, as typed; "": nothing did. Where `any_time` the pairs are told by evidence that
// holds at any time; where a rule ended others, nothing is told.
struct ClockTerms {
  Basis basis = Basis::one_session;  // interleaved: pairs
  bool elapsed_told = false;
  std::string stop_rule = {};
  bool any_time = false;
};

ClockOrCode split_clock(const ClockSide& before, const ClockSide& after, const ClockTerms& terms);

// The same of recordings, with what else their machines tell: steal, throttling.
ClockOrCode clock_or_code(std::span<const Explanation> before, std::span<const Explanation> after,
                          const ClockTerms& terms);

}  // namespace pw
