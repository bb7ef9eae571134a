// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/channel_values.h"

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

}  // namespace

std::vector<const EnergyRow*> counted_rows(const Recording& recording, std::span<const EnergyRow> energy) {
  std::set<std::pair<int, int>> counted;
  for (const Execution* one : counted_executions(recording)) counted.emplace(one->test, one->pass);
  Rows rows;
  for (const EnergyRow& one : energy)
    if (counted.contains({one.test, one.pass})) rows.push_back(&one);
  return rows;
}

ChannelValues channel_values(const Recording& recording, std::span<const EnergyRow> energy) {
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
  for (Measurand* one :
       {&all.mean, &all.peak, &all.gross, &all.net, &all.gross_error, &all.net_error, &all.energy_delay})
    explain(*one, rows);
  add_per_item(all.gross, recording.experiment.items);
  add_per_item(all.net, recording.experiment.items);
  return all;
}

}  // namespace pw
