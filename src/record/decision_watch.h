// SPDX-License-Identifier: GPL-3.0-or-later
// When it is decided how the variants of a run compare: --until-decided NAME:WIDTH%.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/paired_evidence.h"
#include "record/stop_rule.h"

namespace pw {

// The first of the variants against each of the others, tests of the same number as pairs.
class DecisionWatch {
 public:
  explicit DecisionWatch(StopRule rule) : rule_(std::move(rule)) {}

  // A test of which an execution failed is no half of a pair, nor is a value of 0 or less.
  void add(const Execution& execution);
  // Of all of them, as they stand: call it when a test is complete.
  bool decided(std::span<const int> variants) const;
  // "elapsed of 2 variants against the first after 8 tests: 1 different, 1 the same within 2 %, 0 open"
  std::string text(std::span<const int> variants) const;

 private:
  struct Test {
    std::vector<double> values;  // of its passes
    bool failed = false;
  };

  std::vector<double> log_ratios(int reference, int variant) const;
  std::vector<PairDecision> decisions(std::span<const int> variants) const;

  StopRule rule_;
  std::map<int, std::map<int, Test>> tests_;  // by variant, by number
};

}  // namespace pw
