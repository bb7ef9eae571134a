// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/crosscheck.h"

#include <cmath>
#include <map>
#include <utility>

#include "analyze/idle.h"
#include "analyze/lag.h"

namespace pw {
namespace {

using Measured = std::map<std::pair<int, int>, const EnergyRow*>;  // by test and pass

Measured measured_rows(std::span<const EnergyRow> energy, const std::string& source,
                       const std::string& channel) {
  Measured rows;
  for (const EnergyRow& row : energy)
    if (row.source == source && row.channel == channel && row.gross) rows[{row.test, row.pass}] = &row;
  return rows;
}

void compare_energy(CrossCheck& check, std::span<const EnergyRow> energy) {
  const Measured firsts = measured_rows(energy, check.first_source, check.first_channel);
  const Measured seconds = measured_rows(energy, check.second_source, check.second_channel);
  Joules first_sum, second_sum;
  for (const auto& [execution, first] : firsts) {
    const auto found = seconds.find(execution);
    if (found == seconds.end()) continue;
    const EnergyRow& second = *found->second;
    ++check.compared;
    first_sum += *first->gross;
    second_sum += *second.gross;
    const double difference = std::abs((*first->gross - *second.gross).value);
    if (difference <= std::hypot(first->uncertainty->value, second.uncertainty->value)) ++check.agreeing;
  }
  if (second_sum.value != 0) check.ratio = first_sum.value / second_sum.value;
}

std::optional<Watts> idle_difference(const IdleLevels& first, const IdleLevels& second) {
  for (const auto level : {&IdleLevels::before, &IdleLevels::after})
    if (first.*level && second.*level) return (first.*level)->level - (second.*level)->level;
  return std::nullopt;
}

CrossCheck check_of(const Recording& recording, std::span<const EnergyRow> energy, std::size_t a,
                    std::size_t b) {
  const auto name = [&](std::size_t i) {
    return shown_name(recording.sources[static_cast<std::size_t>(recording.channels[i].source)]);
  };
  CrossCheck check;
  check.scope = recording.channels[a].scope;
  check.first_source = name(a);
  check.first_channel = recording.channels[a].name;
  check.second_source = name(b);
  check.second_channel = recording.channels[b].name;
  compare_energy(check, energy);
  const auto first = static_cast<int>(a), second = static_cast<int>(b);
  check.offset = idle_difference(idle_levels(recording, first), idle_levels(recording, second));
  check.lag = lag_between(power_curve(recording, first), power_curve(recording, second));
  return check;
}

}  // namespace

std::vector<CrossCheck> cross_checks(const Recording& recording, std::span<const EnergyRow> energy) {
  std::vector<CrossCheck> checks;
  const auto& channels = recording.channels;
  for (std::size_t a = 0; a < channels.size(); ++a)
    for (std::size_t b = a + 1; b < channels.size(); ++b)
      if (channels[a].source != channels[b].source && channels[a].scope == channels[b].scope &&
          !channels[a].scope.empty())
        checks.push_back(check_of(recording, energy, a, b));
  return checks;
}

}  // namespace pw
