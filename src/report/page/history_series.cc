// SPDX-License-Identifier: GPL-3.0-or-later
// Histories: each quantity over the recordings, and what changed where its level did.
#include <cstdint>
#include <set>

#include "analyze/statistics/change_points.h"
#include "report/page/base64.h"
#include "report/page/page_parts.h"

namespace pw {
namespace {

void write_change(JsonWriter& json, const HistoryChange& change) {
  json.object("recording", change.recording, "before", change.before, "after", change.after, "ratio",
              change.ratio, "ci95_low", change.ci95 ? std::optional(change.ci95->low) : std::nullopt,
              "ci95_high", change.ci95 ? std::optional(change.ci95->high) : std::nullopt, "p", change.p,
              "verdict", to_text(change.verdict));
}

void write_series_of_history(JsonWriter& json, const HistorySeries& series) {
  std::vector<std::int32_t> recordings, tests;
  std::vector<double> means;
  for (const HistoryPoint& point : series.points) {
    recordings.push_back(static_cast<std::int32_t>(point.recording));
    tests.push_back(static_cast<std::int32_t>(point.tests));
    means.push_back(point.mean);
  }
  json.object([&] {
    json.member("quantity", series.quantity);
    json.member("unit", series.unit);
    json.member("identity", series.identity);
    json.member("first_hand", series.first_hand);
    json.member("recordings", base64_of<std::int32_t>(recordings));
    json.member("tests", base64_of<std::int32_t>(tests));
    json.member("means", base64_of<double>(means));
    json.member("changes", [&] {
      json.array([&] {
        for (const HistoryChange& change : series.changes) write_change(json, change);
      });
    });
  });
}

// What is not the same since the recording before, of each at which a level changed.
void write_moments(JsonWriter& json, const HistoryGroup& group) {
  std::set<std::size_t> changed;
  for (const HistorySeries& series : group.series)
    for (const HistoryChange& change : series.changes) changed.insert(change.recording);
  for (const std::size_t index : changed)
    json.object([&] {
      json.member("recording", index);
      json.member("differences", [&] {
        json.array([&] {
          for (const SideDifference& one : group.differences(index))
            json.object("key", one.key, "old", one.before, "new", one.after);
        });
      });
    });
}

void write_group(JsonWriter& json, const HistoryGroup& group) {
  std::vector<std::string> names;
  std::vector<double> starts;
  for (const HistoryEntry& entry : group.recordings) {
    names.push_back(entry.name);
    starts.push_back(entry.start_unix_s);
  }
  json.object([&] {
    json.member("label", group.label);
    json.member("names", names);
    json.member("starts", base64_of<double>(starts));
    json.member("moments", [&] { json.array([&] { write_moments(json, group); }); });
    json.member("series", [&] {
      json.array([&] {
        for (const HistorySeries& series : group.series) write_series_of_history(json, series);
      });
    });
  });
}

}  // namespace

void write_history(JsonWriter& json, std::span<const HistoryGroup> groups) {
  json.member("fewest_for_change", kLeastForChange);
  json.member("history", [&] {
    json.array([&] {
      for (const HistoryGroup& group : groups) write_group(json, group);
    });
  });
}

}  // namespace pw
