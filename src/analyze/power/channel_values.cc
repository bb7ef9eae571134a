// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/channel_values.h"

#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pw {
namespace {

using Rows = std::vector<const EnergyRow*>;

template <class Value>
Series over_tests(const Rows& rows, Value&& value) {
  std::map<int, std::vector<double>> by_test;
  for (const EnergyRow* row : rows)
    if (const std::optional<double> one = value(*row)) by_test[row->test].push_back(*one);
  return series_of(by_test);
}

template <class Quantity>
Series over_tests(const Rows& rows, std::optional<Quantity> EnergyRow::*field) {
  return over_tests(rows, [field](const EnergyRow& row) {
    const auto& value = row.*field;
    return value ? std::optional(value->value) : std::nullopt;
  });
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

// The mean of a run whose tests the sensor does not tell apart.
void use_total(Measurand& one, const RunTotal& total, Joules all, const std::string& why) {
  Statistics mean;
  mean.n = total.executions;
  mean.mean = mean.median = mean.least = mean.most = all.value / total.executions;
  mean.half_width = total.uncertainty.value / total.executions;
  one.value = mean;
  one.status = kOk;
  one.reason = "the mean of the run as a whole; single executions: " + why;
}

}  // namespace

std::vector<const EnergyRow*> counted_rows(const Recording& recording, std::span<const EnergyRow> energy) {
  std::set<std::pair<int, int>> counted;
  for (const Execution* one : counted_executions(recording)) counted.emplace(one->test, one->pass);
  Rows rows;
  for (const EnergyRow& one : energy)
    if (counted.contains({one.test, one.pass})) rows.push_back(&one);
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
  add_common(all.gross, rows, &EnergyRow::uncertainty, &EnergyRow::lasting);
  add_common(all.net, rows, &EnergyRow::net_uncertainty, &EnergyRow::net_lasting);
  if (all.mean.value && all.gross.value && all.gross.value->half_width && all.gross.value->mean > 0)
    all.mean.value->half_width = *all.gross.value->half_width * all.mean.value->mean / all.gross.value->mean;
  if (total && rows.size() > 0) {
    use_total(all.net, *total, total->net, rows.front()->reason);
    use_total(all.gross, *total, total->gross, rows.front()->reason);
  }
  for (Measurand* one :
       {&all.mean, &all.peak, &all.gross, &all.net, &all.gross_error, &all.net_error, &all.energy_delay})
    explain(*one, rows);
  add_per_item(all.gross, recording.experiment.items);
  add_per_item(all.net, recording.experiment.items);
  return all;
}

}  // namespace pw
