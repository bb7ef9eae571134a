// SPDX-License-Identifier: GPL-3.0-or-later
// One quantity over many recordings, and where it changed its level.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyze/compare/comparison.h"
#include "analyze/compare/quantities.h"
#include "analyze/statistics/bootstrap.h"

namespace pw {

// What is kept of a recording.
struct HistoryEntry {
  std::string name;   // its file
  std::string label;  // what was measured: label_or_command()
  double start_unix_s = 0;
  std::vector<Fact> facts;  // side_facts()
  std::vector<ComparableQuantity> quantities;
};
HistoryEntry history_entry(const std::string& name, const Explanation& one);

struct HistoryPoint {
  std::size_t recording = 0;  // index into HistoryGroup::recordings
  double mean = 0;            // over its tests
  std::size_t tests = 0;
};

struct HistoryChange {
  std::size_t recording = 0;     // the first of the new level
  double before = 0, after = 0;  // means of the recordings between two changes
  std::optional<double> ratio;   // nothing: zeros or negative values
  std::optional<Interval> ci95;  // of the ratio
  double p = 1;
  CompareVerdict verdict = CompareVerdict::changed;
};

struct HistorySeries {
  std::string quantity, unit;
  std::string identity;  // what stands behind the name, where that is not the same in all recordings
  bool first_hand = false;
  std::vector<HistoryPoint> points;
  std::vector<HistoryChange> changes;
};

struct HistoryGroup {
  std::string label;
  std::vector<HistoryEntry> recordings;  // by start
  std::vector<HistorySeries> series;
  // What is not the same in recording `index` and in the one before it.
  std::vector<SideDifference> differences(std::size_t index) const;
};

struct HistoryOptions {
  double least = 0.01;            // relative: smaller changes are not told
  std::vector<std::string> rows;  // of these quantities alone; none: all
};

// A group for each label, in the order of their first recordings.
std::vector<HistoryGroup> history(std::vector<HistoryEntry> entries, const HistoryOptions& options);

}  // namespace pw
