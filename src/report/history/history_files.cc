// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "report/history/history_page.h"

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

const HistoryChange* change_at(const HistorySeries& series, std::size_t recording) {
  const auto at = std::ranges::find(series.changes, recording, &HistoryChange::recording);
  return at == series.changes.end() ? nullptr : &*at;
}

std::string text_of(const std::optional<double>& value) { return value ? exact_number(*value) : ""; }

std::optional<double> low_of(const HistoryChange& change) {
  return change.ci95 ? std::optional(change.ci95->low) : std::nullopt;
}
std::optional<double> high_of(const HistoryChange& change) {
  return change.ci95 ? std::optional(change.ci95->high) : std::nullopt;
}

std::string change_fields(const HistoryChange* change) {
  if (!change) return ",,,,";
  return fmt::format("{},{},{},{},{}", to_text(change->verdict), text_of(change->ratio),
                     text_of(low_of(*change)), text_of(high_of(*change)), exact_number(change->p));
}

Json number_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json json_of(const HistoryGroup& group, const HistorySeries& series) {
  Json one = {{"quantity", series.quantity},
              {"unit", series.unit},
              {"identity", series.identity},
              {"points", Json::array()},
              {"changes", Json::array()}};
  for (const HistoryPoint& point : series.points)
    one["points"].push_back({{"recording", group.recordings[point.recording].name},
                             {"start_unix_s", group.recordings[point.recording].start_unix_s},
                             {"tests", point.tests},
                             {"mean", point.mean}});
  for (const HistoryChange& change : series.changes) {
    Json differences = Json::array();
    for (const SideDifference& fact : group.differences(change.recording))
      differences.push_back({{"key", fact.key}, {"old", fact.before}, {"new", fact.after}});
    one["changes"].push_back({{"recording", group.recordings[change.recording].name},
                              {"before", change.before},
                              {"after", change.after},
                              {"ratio", number_or_null(change.ratio)},
                              {"ci95_low", number_or_null(low_of(change))},
                              {"ci95_high", number_or_null(high_of(change))},
                              {"p", change.p},
                              {"verdict", to_text(change.verdict)},
                              {"differences", differences}});
  }
  return one;
}

}  // namespace

std::string history_csv(std::span<const HistoryGroup> groups) {
  std::string text =
      "label,quantity,unit,recording,start_unix_s,tests,mean,change,ratio,ci95_low,ci95_high,p\n";
  for (const HistoryGroup& group : groups)
    for (const HistorySeries& series : group.series)
      for (const HistoryPoint& point : series.points) {
        const HistoryEntry& entry = group.recordings[point.recording];
        text += fmt::format("{},{},{},{},{},{},{},{}\n", csv_field(printable(group.label)),
                            csv_field(printable(series.quantity)), csv_field(printable(series.unit)),
                            csv_field(printable(entry.name)), exact_number(entry.start_unix_s), point.tests,
                            exact_number(point.mean), change_fields(change_at(series, point.recording)));
      }
  return text;
}

std::string history_json(std::span<const HistoryGroup> groups) {
  Json document = {{"format", "perfwatt-history"}, {"groups", Json::array()}};
  for (const HistoryGroup& group : groups) {
    Json one = {{"label", group.label}, {"recordings", group.recordings.size()}, {"series", Json::array()}};
    for (const HistorySeries& series : group.series) one["series"].push_back(json_of(group, series));
    document["groups"].push_back(std::move(one));
  }
  return document.dump(1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace pw
