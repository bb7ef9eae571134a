// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/stop_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/mean_interval.h"

namespace pw {

std::optional<double> StopWatch::value(const Execution& execution) const {
  if (!rule_.event) return to_seconds(execution.end - execution.begin).value;
  const auto at = std::ranges::find(execution.readings, *rule_.event, &Reading::event);
  return at == execution.readings.end() ? std::nullopt : scaled_value(*at);
}

void StopWatch::add(const Execution& execution) {
  if (execution.warmup() || execution.failed()) return;
  if (const auto one = value(execution)) by_test_[execution.test].push_back(*one);
}

std::optional<double> StopWatch::width() const {
  std::vector<double> means;
  for (const auto& [test, passes] : by_test_) means.push_back(mean_interval(passes).mean);
  const MeanInterval interval = mean_interval(means);
  if (!interval.half_width || interval.mean == 0) return std::nullopt;
  return *interval.half_width / std::abs(interval.mean);
}

bool StopWatch::reached() const {
  if (tests() < StopRule::kLeastTests) return false;
  const std::optional<double> now = width();
  return now && *now <= rule_.width;
}

std::string StopWatch::text() const {
  const std::optional<double> now = width();
  return fmt::format("the 95 % interval of {} is {} after {} test{}, --stop-when asks for ± {:.4g} %",
                     rule_.name, now ? fmt::format("± {:.2f} %", 100 * *now) : "unknown", tests(),
                     tests() == 1 ? "" : "s", 100 * rule_.width);
}

}  // namespace pw
