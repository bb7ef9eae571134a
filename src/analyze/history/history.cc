// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/history/history.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "analyze/compare/mean_difference.h"
#include "analyze/statistics/change_points.h"
#include "analyze/statistics/statistics.h"
#include "base/text.h"

namespace pw {
namespace {

std::optional<double> mean_of(const ComparableQuantity& quantity) {
  std::vector<double> values;
  for (const TestValue& test : quantity.tests) values.push_back(test.value);
  return mean_of(statistics(values));
}

// What makes it another quantity: the event behind a name, the unit, the items of an execution.
std::string identity_of(const ComparableQuantity& quantity, const HistoryEntry& entry) {
  std::string identity = quantity.identity;
  const auto items = std::ranges::find(entry.facts, "items", &Fact::key);
  if (quantity.of_execution && items != entry.facts.end() && items->value != "unknown")
    identity += (identity.empty() ? "" : ", ") + items->value + " items";
  return quantity.unit.empty() ? identity : identity + (identity.empty() ? "" : ", ") + quantity.unit;
}

Direction direction_of(const HistoryGroup& group, const HistorySeries& series) {
  const auto& all = group.recordings[series.points.front().recording].quantities;
  const auto at = std::ranges::find(all, series.quantity, &ComparableQuantity::name);
  return at == all.end() ? Direction::neither : at->better;
}

CompareVerdict verdict_of_change(Direction better, double shift) {
  if (better == Direction::neither) return CompareVerdict::changed;
  return (shift < 0) == (better == Direction::lower) ? CompareVerdict::better : CompareVerdict::worse;
}

HistoryChange change_between(const std::vector<double>& before, const std::vector<double>& after, bool logs,
                             Direction better) {
  HistoryChange change;
  const auto test = mean_test(before, after);
  const double one = statistics(before)->mean, other = statistics(after)->mean;
  change.before = logs ? std::exp(one) : one;
  change.after = logs ? std::exp(other) : other;
  change.verdict = verdict_of_change(better, other - one);
  if (!logs || !test) return change;
  const Interval interval = test->interval(0.95);
  change.ratio = std::exp(test->difference);
  change.ci95 = Interval{std::exp(interval.low), std::exp(interval.high)};
  return change;
}

bool worth_telling(const HistoryChange& change, double least) {
  return !change.ratio || std::abs(std::log(*change.ratio)) >= std::log1p(least);
}

void find_changes(const HistoryGroup& group, HistorySeries& series, double least) {
  std::vector<double> values;
  for (const HistoryPoint& point : series.points) values.push_back(point.mean);
  const bool logs = std::ranges::all_of(values, [](double value) { return value > 0; });
  if (logs)
    for (double& value : values) value = std::log(value);
  std::vector<ChangePoint> found = change_points(values);
  std::size_t first = 0;
  const Direction better = direction_of(group, series);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t at = found[i].at, end = i + 1 < found.size() ? found[i + 1].at : values.size();
    const auto part = [&](std::size_t from, std::size_t to) {
      return std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(from),
                                 values.begin() + static_cast<std::ptrdiff_t>(to));
    };
    HistoryChange change = change_between(part(first, at), part(at, end), logs, better);
    change.recording = series.points[at].recording;
    change.p = found[i].p;
    if (worth_telling(change, least)) series.changes.push_back(change);
    first = at;
  }
}

bool wanted(const std::string& quantity, const HistoryOptions& options) {
  return options.rows.empty() || std::ranges::count(options.rows, quantity) > 0;
}

void add_series(HistoryGroup& group, const HistoryOptions& options) {
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  std::map<std::string, int> identities;
  for (std::size_t i = 0; i < group.recordings.size(); ++i)
    for (const ComparableQuantity& one : group.recordings[i].quantities) {
      const auto mean = mean_of(one);
      if (!mean || !wanted(one.name, options)) continue;
      const std::string identity = identity_of(one, group.recordings[i]);
      const auto [at, is_new] = places.try_emplace({one.name, identity}, group.series.size());
      if (is_new) {
        group.series.push_back({one.name, one.unit, identity, one.first_hand, {}, {}});
        ++identities[one.name];
      }
      group.series[at->second].points.push_back({i, *mean, one.tests.size()});
    }
  for (HistorySeries& one : group.series)
    if (identities[one.quantity] == 1) one.identity.clear();
}

}  // namespace

HistoryEntry history_entry(const std::string& name, const Explanation& one) {
  return {name, label_or_command(one.recording->experiment), one.recording->start_unix_s,
          side_facts(*one.recording), quantities_of(one)};
}

std::vector<SideDifference> HistoryGroup::differences(std::size_t index) const {
  if (index == 0) return {};
  return side_differences(recordings[index - 1].facts, recordings[index].facts);
}

std::vector<HistoryGroup> history(std::vector<HistoryEntry> entries, const HistoryOptions& options) {
  std::ranges::stable_sort(entries, {}, &HistoryEntry::start_unix_s);
  std::vector<HistoryGroup> groups;
  for (HistoryEntry& entry : entries) {
    auto at = std::ranges::find(groups, entry.label, &HistoryGroup::label);
    if (at == groups.end()) at = groups.insert(at, HistoryGroup{entry.label, {}, {}});
    at->recordings.push_back(std::move(entry));
  }
  for (HistoryGroup& group : groups) {
    add_series(group, options);
    for (HistorySeries& one : group.series) find_changes(group, one, options.least);
  }
  return groups;
}

}  // namespace pw
