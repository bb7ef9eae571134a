// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/mean_difference.h"

#include <algorithm>
#include <cmath>

#include "analyze/statistics/parts.h"
#include "analyze/statistics/statistics.h"
#include "base/distributions.h"

namespace pw {
namespace {

constexpr double kApart = 2;
constexpr double kManyFreedom = 1e6;  // as good as a normal distribution

bool apart(double a, double b) { return std::max(a, b) > kApart * std::min(a, b); }

}  // namespace

double MeanTest::p() const {
  if (error > 0) return student_t_two_sided(difference / error, freedom);
  return difference == 0 ? 1 : 0;
}

Interval MeanTest::interval(double level) const {
  const double half = error > 0 ? student_t_quantile((1 + level) / 2, freedom) * error : 0;
  return {difference - half, difference + half};
}

MeanTest MeanTest::among_sessions(double between) const {
  MeanTest wider = *this;
  wider.error = std::sqrt(square(error) + 2 * square(between));
  // Satterthwaite: what is known has no freedom to lose.
  if (error > 0) wider.freedom = std::min(kManyFreedom, freedom * square(square(wider.error / error)));
  if (error <= 0) wider.freedom = kManyFreedom;
  return wider;
}

std::optional<MeanTest> one_mean_test(std::span<const double> differences) {
  const auto all = statistics(differences);
  if (!all || all->n < 2) return std::nullopt;
  MeanTest test;
  test.difference = all->mean;
  test.deviation = all->deviation;
  test.freedom = all->n - 1;
  test.error = all->deviation / std::sqrt(all->n);
  return test;
}

std::optional<MeanTest> mean_test(std::span<const double> one, std::span<const double> other) {
  const auto a = statistics(one), b = statistics(other);
  if (!a || !b || a->n < 2 || b->n < 2) return std::nullopt;
  MeanTest test;
  test.difference = b->mean - a->mean;
  const double va = square(a->deviation), vb = square(b->deviation);
  const double pooled = ((a->n - 1) * va + (b->n - 1) * vb) / (a->n + b->n - 2);
  test.deviation = std::sqrt(pooled);
  test.freedom = a->n + b->n - 2;
  test.error = std::sqrt(pooled * (1.0 / a->n + 1.0 / b->n));
  if (!apart(a->n, b->n) || !apart(a->deviation, b->deviation)) return test;
  test.welch = true;
  const double ea = va / a->n, eb = vb / b->n;
  test.error = std::sqrt(ea + eb);
  if (ea + eb > 0) test.freedom = square(ea + eb) / (square(ea) / (a->n - 1) + square(eb) / (b->n - 1));
  return test;
}

}  // namespace pw
