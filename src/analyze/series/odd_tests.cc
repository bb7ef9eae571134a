// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/series/odd_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analyze/statistics/trend.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr double kLeastEffect = 0.01;
constexpr std::size_t kOddTestsNamed = 5;
constexpr std::size_t kSeriesNamed = 4;

std::string signed_percent(double part) { return fmt::format("{:+.1f} %", 100 * part); }

std::string shortened_list(const std::vector<std::string>& parts) {
  if (parts.size() <= kSeriesNamed) return join(parts, ", ");
  return join(std::span(parts).first(kSeriesNamed), ", ") +
         fmt::format(" and {} more", parts.size() - kSeriesNamed);
}

// By test: what stands apart in it.
std::map<int, std::vector<std::string>> odd_by_test(std::span<const Measurand* const> effects) {
  std::map<int, std::vector<std::string>> odd;
  for (const Measurand* one : effects)
    for (const std::size_t i : one->odd) {
      const TestValue& test = one->series.tests[i];
      odd[test.test].push_back(one->name + " " + signed_percent(test.value / one->value->median - 1));
    }
  return odd;
}

// The change per test as a part of the median, where there is a trend worth a word.
std::optional<std::pair<double, Trend>> relative_trend(const Measurand& one) {
  std::vector<double> at;
  for (const TestValue& test : one.series.tests) at.push_back(test.test);
  const auto found = trend(at, one.series.values());
  const double centre = one.value ? std::abs(one.value->median) : 0;
  if (!found || !found->significant() || centre == 0) return std::nullopt;
  const double part = found->slope / centre;
  if (std::abs(part) * (at.back() - at.front()) < kLeastEffect) return std::nullopt;
  return std::pair(part, *found);
}

std::string elapsed_trend(double part, const Trend& found) {
  const std::string how =
      fmt::format("by {:.2g} % per test (Mann-Kendall, p = {:.2g})", 100 * std::abs(part), found.p);
  return part < 0 ? "warming up: elapsed falls " + how + "; raise --warmup"
                  : "elapsed rises " + how + ": heat, throttling or something that fills up; try --pause";
}

}  // namespace

std::vector<std::string> odd_tests(const Recording& recording, std::span<const Measurand* const> effects) {
  std::vector<std::string> texts;
  const auto odd = odd_by_test(effects);
  if (odd.empty()) return texts;
  const LikelyCauses likely(recording);
  for (const auto& [test, what] : odd) {
    if (texts.size() == kOddTestsNamed) {
      texts.push_back(fmt::format("and {} more tests stand apart", odd.size() - kOddTestsNamed));
      break;
    }
    const std::vector<std::string> causes = likely.of(test);
    texts.push_back(fmt::format("test {} stands apart: {}; {}", test, shortened_list(what),
                                causes.empty() ? "cause unknown" : "likely cause: " + join(causes, ", ")));
  }
  return texts;
}

std::vector<std::string> trends(std::span<const Measurand* const> effects) {
  std::vector<std::string> texts, counters;
  for (const Measurand* one : effects) {
    const auto found = relative_trend(*one);
    if (!found) continue;
    if (one->name == "elapsed")
      texts.push_back(elapsed_trend(found->first, found->second));
    else
      counters.push_back(fmt::format("{} {:+.2g} %", one->name, 100 * found->first));
  }
  if (!counters.empty()) texts.push_back("a trend over the tests, per test: " + shortened_list(counters));
  return texts;
}

}  // namespace pw
