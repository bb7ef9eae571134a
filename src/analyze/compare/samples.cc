// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/compare/rank_sum.h"
#include "analyze/compare/signed_rank.h"
#include "analyze/statistics/parts.h"
#include "analyze/statistics/statistics.h"
#include "base/distributions.h"
#include "base/paired_evidence.h"

namespace pw {
namespace {

constexpr std::size_t kRanksFrom = 8;

bool positive(const std::vector<std::vector<double>>& recordings) {
  return std::ranges::all_of(recordings, [](const std::vector<double>& tests) {
    return std::ranges::all_of(tests, [](double value) { return value > 0; });
  });
}

std::vector<double> values_of(const std::vector<std::vector<double>>& recordings, bool logs, bool sessions) {
  std::vector<double> values;
  for (const std::vector<double>& tests : recordings) {
    std::vector<double> of_one;
    for (const double value : tests) of_one.push_back(logs ? std::log(value) : value);
    if (!sessions)
      values.insert(values.end(), of_one.begin(), of_one.end());
    else if (const auto all = statistics(of_one))
      values.push_back(all->mean);
  }
  return values;
}

// The q quantile of chi-square / degrees (Wilson and Hilferty 1931).
double chi_square_share(double q, double degrees) {
  const double part = 2 / (9 * degrees);
  return std::pow(std::max(1e-3, 1 - part + normal_quantile(q) * std::sqrt(part)), 3);
}

bool by_ranks(const TwoSamples& samples, bool named, const std::optional<MeanTest>& mean) {
  if (mean && mean->welch) return false;
  if (samples.least() >= kRanksFrom) return true;
  return !named || !mean || mean->deviation <= 0;
}

std::vector<double> differences_of(const TwoSamples& samples) {
  std::vector<double> all;
  for (std::size_t i = 0; i < samples.least(); ++i) all.push_back(samples.other[i] - samples.one[i]);
  return all;
}

// 1 / evidence is a p-value whenever one looks (Ville 1939).
SampleTest test_at_any_time(const TwoSamples& samples) {
  const std::vector<double> differences = differences_of(samples);
  const auto all = statistics(differences);
  const auto range = [&](double level) {
    const auto means = means_below_evidence(differences, 1 / (1 - level));
    return means ? std::optional(Interval{means->low, means->high}) : std::nullopt;
  };
  SampleTest test;
  test.shift = all->mean;
  test.deviation = all->deviation;
  test.p = std::min(1.0, 1 / paired_evidence(differences));
  test.ci95 = range(0.95);
  test.ci90 = range(0.9);
  return test;
}

SampleTest test_pairs(const TwoSamples& samples, bool named) {
  const std::vector<double> differences = differences_of(samples);
  const auto mean = one_mean_test(differences);
  SampleTest test;
  test.deviation = mean ? mean->deviation : 0;
  test.may_claim = samples.least() >= (named ? 2 : kUnnamedFrom);
  test.shift = pseudo_median(differences);
  test.p = by_ranks(samples, named, mean) ? signed_rank_p(differences) : mean->p();
  test.ci95 = pseudo_median_interval(differences, 0.95);
  test.ci90 = pseudo_median_interval(differences, 0.9);
  if (!test.ci95 && mean) test.ci95 = mean->interval(0.95);
  if (!test.ci90 && mean) test.ci90 = mean->interval(0.9);
  return test;
}

struct Needed {
  double sides;  // whose variances add up
  std::string_view what;
};
Needed needed_of(Basis basis) {
  if (basis == Basis::interleaved) return {1, "tests"};
  return {2, basis == Basis::sessions ? "recordings a side" : "tests a side"};
}

}  // namespace

std::size_t fewest(const TwoSamples& samples) { return samples.any_time ? kLeastPairs : 2; }

TwoSamples two_samples(const CompareInput& input, Basis basis) {
  const bool sessions = basis == Basis::sessions;
  TwoSamples samples;
  samples.paired = input.paired;
  samples.any_time = input.any_time;
  samples.logs = positive(input.old_tests) && positive(input.new_tests);
  samples.one = values_of(input.old_tests, samples.logs, sessions);
  samples.other = values_of(input.new_tests, samples.logs, sessions);
  return samples;
}

SampleTest test_samples(const TwoSamples& samples, bool named, Basis basis,
                        const std::optional<double>& session_sd) {
  if (samples.any_time) return test_at_any_time(samples);
  if (samples.paired) return test_pairs(samples, named);
  SampleTest test;
  auto mean = mean_test(samples.one, samples.other);
  test.deviation = mean ? mean->deviation : 0;
  test.may_claim = samples.least() >= (named ? 2 : kUnnamedFrom);
  test.shift = shift_of(samples.one, samples.other);
  if (mean && session_sd) mean = mean->among_sessions(*session_sd);
  const bool of_sessions = basis == Basis::sessions || session_sd;
  const bool ranks = !of_sessions && by_ranks(samples, named, mean);
  test.p = ranks || !mean ? rank_sum_p(samples.one, samples.other) : mean->p();
  const bool welch = mean && mean->welch && samples.least() >= kRanksFrom;
  if (!of_sessions && !welch) {
    test.ci95 = shift_interval(samples.one, samples.other, 0.95);
    test.ci90 = shift_interval(samples.one, samples.other, 0.9);
  } else if (mean) {
    test.shift = mean->difference;
  }
  if (!test.ci95 && mean) test.ci95 = mean->interval(0.95);
  if (!test.ci90 && mean) test.ci90 = mean->interval(0.9);
  return test;
}

std::string values_needed(const SampleTest& test, std::size_t values, double half_width, Basis basis) {
  const Needed of = needed_of(basis);
  const double degrees = std::max(1.0, of.sides * (static_cast<double>(values) - 1));
  if (test.deviation <= 0 || half_width <= 0) return "";
  const auto needed = [&](double q) {
    const double variance = square(test.deviation) / chi_square_share(q, degrees);
    const double tests = of.sides * square(normal_quantile(0.975)) * variance / square(half_width);
    return static_cast<long>(std::clamp(std::ceil(tests) + 2, 3.0, 1e6));
  };
  return fmt::format("about {} to {} {} would tell it to ± {:.3g} %", needed(0.9), needed(0.1), of.what,
                     100 * half_width);
}

}  // namespace pw
