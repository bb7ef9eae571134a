// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/channel_values.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analyze/statistics/parts.h"
#include "base/quantity.h"

namespace pw {
namespace {

using Rows = std::vector<const EnergyRow*>;

template <class Value>
Series over_tests(const Rows& rows, Value&& value) {
  std::vector<TestValue> values;
  for (const EnergyRow* row : rows)
    if (const std::optional<double> one = value(*row)) values.push_back({row->test, *one, std::nullopt});
  return series_of(std::move(values));
}

template <class Quantity>
Series over_tests(const Rows& rows, std::optional<Quantity> EnergyRow::*field) {
  return over_tests(rows, [field](const EnergyRow& row) { return number_of(row.*field); });
}

// Why there is no value: what the first row says.
void explain(Measurand& one, const Rows& rows) {
  if (one.value || rows.empty()) return;
  one.reason = rows.front()->reason;
  if (rows.front()->status == EnergyStatus::not_resolvable)
    one.status = to_text(EnergyStatus::not_resolvable);
}

// The mean over tests is uncertain by what they have in common, too; that of one test by all of its own.
void add_common(Measurand& one, const Rows& rows, const std::optional<Joules> EnergyRow::*uncertainty,
                const Joules EnergyRow::*lasting) {
  if (!one.value) return;
  double common = 0, own = 0;
  int count = 0;
  for (const EnergyRow* row : rows)
    if (const auto& all = row->*uncertainty) {
      common += (row->*lasting).value;
      own += all->value * all->value - (row->*lasting).value * (row->*lasting).value;
      ++count;
    }
  if (count == 0) return;
  common /= count;
  const double single = std::sqrt(std::max(0.0, own)) / count;
  one.value->half_width = std::hypot(one.value->half_width.value_or(single), common);
}

// What another quantity that is proportional to the energy is uncertain by besides its spread over tests.
void add_common_of(const Measurand& energy, double spread, Measurand& other) {
  if (!other.value || !energy.value || !energy.value->half_width || energy.value->mean <= 0) return;
  const double common = std::sqrt(std::max(0.0, square(*energy.value->half_width) - square(spread)));
  other.value->half_width =
      std::hypot(other.value->half_width.value_or(0), common * other.value->mean / energy.value->mean);
}

double spread_over_tests(const Measurand& one) { return one.value ? one.value->half_width.value_or(0) : 0; }

// Why the single executions are not resolved; nothing: all are.
std::optional<std::string> unresolved(const Rows& rows) {
  for (const EnergyRow* row : rows)
    if (!row->net) return row->reason;
  return std::nullopt;
}

struct Total {
  double mean, uncertainty;  // of one execution
  std::string why;
};

void use(const Total& total, int tests, Measurand& one) {
  Statistics mean;
  mean.n = tests;
  mean.mean = mean.median = mean.least = mean.most = total.mean;
  mean.half_width = total.uncertainty;
  one.value = mean;
  one.status = kOk;
  one.reason = "the mean of the run as a whole; single executions: " + total.why;
}

double mean_seconds(const Rows& rows) {
  double sum = 0;
  for (const EnergyRow* row : rows) sum += row->seconds.value;
  return sum / static_cast<double>(rows.size());
}

// The means of the run as a whole, where its tests are not resolved, or are less sure. Warm-ups took the
// power that the tests did.
void use_total(ChannelValues& all, const RunTotal& run, const Rows& rows, double gross_spread,
               double net_spread) {
  const auto reason = unresolved(rows);
  const std::string why = reason.value_or("less sure: the sensor spreads their begins and ends");
  const double seconds = mean_seconds(rows), share = seconds / run.seconds.value;
  const auto total_of = [&](Joules energy, double spread) {
    return Total{energy.value * share, std::hypot(spread, run.uncertainty.value * share), why};
  };
  const Total gross = total_of(run.gross, gross_spread), net = total_of(run.net, net_spread);
  const bool surer = run.surer && all.net.value && *all.net.value->half_width > net.uncertainty;
  if (!reason && !surer) return;
  std::set<int> tests;
  for (const EnergyRow* row : rows) tests.insert(row->test);
  const int count = static_cast<int>(tests.size());
  use(gross, count, all.gross);
  use(net, count, all.net);
  use({gross.mean / seconds, gross.uncertainty / seconds, why}, count, all.mean);
  use({gross.mean * seconds, gross.uncertainty * seconds, why}, count, all.energy_delay);
}

}  // namespace

std::vector<const EnergyRow*> counted_rows(const Recording& recording, std::span<const EnergyRow> energy) {
  std::vector<std::pair<int, int>> counted;
  for (const Execution& one : recording.executions)
    if (counts(one)) counted.emplace_back(one.test, one.pass);
  std::ranges::sort(counted);
  Rows rows;
  for (const EnergyRow& one : energy)
    if (std::ranges::binary_search(counted, std::pair(one.test, one.pass))) rows.push_back(&one);
  return rows;
}

ChannelValues channel_values(const Recording& recording, std::span<const EnergyRow> energy,
                             const std::optional<RunTotal>& total) {
  const Rows rows = counted_rows(recording, energy);
  const auto delay = [](const EnergyRow& row) {
    return row.gross ? std::optional(row.gross->value * row.seconds.value) : std::nullopt;
  };
  ChannelValues all{measurand("mean-power", "W", over_tests(rows, &EnergyRow::mean)),
                    measurand("peak-power", "W", over_tests(rows, &EnergyRow::peak)),
                    measurand("energy-gross", "J", over_tests(rows, &EnergyRow::gross)),
                    measurand("energy-net", "J", over_tests(rows, &EnergyRow::net)),
                    measurand("energy-gross-uncertainty", "J", over_tests(rows, &EnergyRow::uncertainty)),
                    measurand("energy-net-uncertainty", "J", over_tests(rows, &EnergyRow::net_uncertainty)),
                    measurand("energy-delay-product", "J s", over_tests(rows, delay))};
  const double gross_spread = spread_over_tests(all.gross), net_spread = spread_over_tests(all.net);
  add_common(all.gross, rows, &EnergyRow::uncertainty, &EnergyRow::lasting);
  add_common(all.net, rows, &EnergyRow::net_uncertainty, &EnergyRow::net_lasting);
  add_common_of(all.gross, gross_spread, all.mean);
  add_common_of(all.gross, gross_spread, all.energy_delay);
  if (total && !rows.empty()) use_total(all, *total, rows, gross_spread, net_spread);
  for (Measurand* one :
       {&all.mean, &all.peak, &all.gross, &all.net, &all.gross_error, &all.net_error, &all.energy_delay})
    explain(*one, rows);
  add_per_item(all.gross, recording.experiment.items);
  add_per_item(all.net, recording.experiment.items);
  return all;
}

}  // namespace pw
