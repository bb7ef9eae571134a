// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/crosscheck.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "analyze/power/lag.h"

namespace pw {
namespace {

constexpr std::size_t kMostComparedWithAll = 32;

using Measured = std::map<std::pair<int, int>, const EnergyRow*>;  // by test and pass

Measured measured_rows(std::span<const EnergyRow> energy) {
  Measured rows;
  for (const EnergyRow& row : energy)
    if (row.gross) rows[{row.test, row.pass}] = &row;
  return rows;
}

void compare_energy(CrossCheck& check, const Measured& firsts, const Measured& seconds) {
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

}  // namespace

std::optional<bool> CrossCheck::agree() const {
  if (compared == 0) return std::nullopt;
  return agreeing >= 0.95 * compared;
}

std::string_view agreement(const CrossCheck& check) {
  const auto agree = check.agree();
  return !agree ? "unknown" : *agree ? "agree" : "differ";
}

std::vector<std::pair<std::size_t, std::size_t>> comparable_channels(const Recording& recording) {
  const auto& channels = recording.channels;
  std::map<std::string_view, std::vector<std::size_t>> scopes;
  for (std::size_t i = 0; i < channels.size(); ++i)
    if (!channels[i].scope.empty()) scopes[channels[i].scope].push_back(i);
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (const auto& [scope, alike] : scopes)
    for (std::size_t a = 0; a < (alike.size() > kMostComparedWithAll ? 1 : alike.size()); ++a)
      for (std::size_t b = a + 1; b < alike.size(); ++b)
        if (channels[alike[a]].source != channels[alike[b]].source) pairs.emplace_back(alike[a], alike[b]);
  std::ranges::sort(pairs);
  return pairs;
}

CrossCheck cross_check(const Recording& recording, const CheckedChannel& first,
                       const CheckedChannel& second) {
  const Channel& one = recording.channels[first.channel];
  const Channel& other = recording.channels[second.channel];
  CrossCheck check;
  check.scope = one.scope;
  check.first_source = shown_name(source_of(recording, one));
  check.first_channel = one.name;
  check.second_source = shown_name(source_of(recording, other));
  check.second_channel = other.name;
  compare_energy(check, measured_rows(first.energy), measured_rows(second.energy));
  check.offset = idle_difference(first.idle, second.idle);
  check.lag = lag_between(first.watts, second.watts);
  return check;
}

}  // namespace pw
