// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/series/measurand.h"

#include <cmath>
#include <utility>

#include "analyze/statistics/robust.h"

namespace pw {
namespace {

constexpr double kLeastOddEffect = 0.01;

void make_seconds(Series& series) {
  for (TestValue& test : series.tests) {
    test.value *= 1e-9;
    if (test.deviation) *test.deviation *= 1e-9;
  }
}

}  // namespace

std::vector<std::size_t> odd_values(std::span<const double> values) {
  const double centre = median(values);
  std::vector<std::size_t> odd;
  for (const Outlier& one : outliers(values))
    if (centre != 0 && std::abs(values[one.index] / centre - 1) >= kLeastOddEffect) odd.push_back(one.index);
  return odd;
}

Measurand measurand(std::string name, std::string unit, Series series) {
  Measurand one;
  const std::vector<double> values = series.values();
  one.name = std::move(name);
  one.unit = std::move(unit);
  one.value = statistics(values);
  one.odd = odd_values(values);
  one.median_deviation = median_deviation(values);
  one.series = std::move(series);
  if (one.value) return one;
  one.status = kNoData;
  one.reason = "no execution of a test ended well";
  return one;
}

void add_per_item(Measurand& one, const std::optional<double>& items) {
  if (one.value && items) one.per_item = one.value->mean / *items;
}

Measurand elapsed_time(const Recording& recording) {
  return measurand("elapsed", "s", elapsed_series(recording));
}

Measurand event_count(const Recording& recording, int index) {
  const Event& event = recording.events[static_cast<std::size_t>(index)];
  const bool time = event.unit == "ns";
  Series series = counter_series(recording, index);
  if (time) make_seconds(series);
  Measurand count = measurand(event.label(), time ? "s" : event.unit, std::move(series));
  count.effect = time || !event.software;
  if (!count.value) {
    const Uncounted why = uncounted(recording, index).value_or(Uncounted{});
    count.status = to_text(why.status);
    count.reason = why.reason;
    return count;
  }
  if (count.series.least_coverage < 1) count.status = to_text(CountStatus::scaled);
  const double floor = event.floor.value_or(0) * event.scale * (time ? 1e-9 : 1);
  count.below_floor = event.floor && count.value->mean > 0 && count.value->mean <= floor;
  return count;
}

}  // namespace pw
