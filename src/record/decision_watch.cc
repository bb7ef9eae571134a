// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/decision_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/mean_interval.h"

namespace pw {

void DecisionWatch::add(const Execution& execution) {
  if (!execution.of_test()) return;
  Test& test = tests_[execution.variant][execution.test];
  test.failed = test.failed || execution.failed();
  if (const auto one = rule_.value(execution)) test.values.push_back(*one);
}

std::vector<double> DecisionWatch::log_ratios(int reference, int variant) const {
  const auto one = tests_.find(reference), other = tests_.find(variant);
  if (one == tests_.end() || other == tests_.end()) return {};
  std::vector<double> ratios;
  for (const auto& [number, before] : one->second) {
    const auto after = other->second.find(number);
    if (after == other->second.end() || before.failed || after->second.failed) continue;
    const double old_mean = mean_interval(before.values).mean,
                 new_mean = mean_interval(after->second.values).mean;
    if (old_mean > 0 && new_mean > 0) ratios.push_back(std::log(new_mean / old_mean));
  }
  return ratios;
}

std::vector<PairDecision> DecisionWatch::decisions(std::span<const int> variants) const {
  std::vector<PairDecision> all;
  const auto comparisons = static_cast<int>(variants.size()) - 1;
  for (std::size_t i = 1; i < variants.size(); ++i)
    all.push_back(decide_pairs(log_ratios(variants[0], variants[i]), rule_.width, comparisons));
  return all;
}

bool DecisionWatch::decided(std::span<const int> variants) const {
  const std::vector<PairDecision> all = decisions(variants);
  return std::ranges::find(all, PairDecision::open) == all.end();
}

std::string DecisionWatch::text(std::span<const int> variants) const {
  if (variants.size() < 2) return "no two variants are left to decide between";
  const std::vector<PairDecision> all = decisions(variants);
  const auto count = [&](PairDecision one) { return std::ranges::count(all, one); };
  std::size_t tests = 0;
  for (const auto& [variant, own] : tests_) tests = std::max(tests, own.size());
  return fmt::format(
      "{} of {} variant{} against the first after {} test{}: {} different, {} the same within "
      "{:.4g} %, {} open",
      rule_.name, all.size(), all.size() == 1 ? "" : "s", tests, tests == 1 ? "" : "s",
      count(PairDecision::differs), count(PairDecision::same), 100 * rule_.width, count(PairDecision::open));
}

}  // namespace pw
