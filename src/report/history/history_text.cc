// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

#include "analyze/statistics/change_points.h"
#include "base/text.h"
#include "report/history/history_page.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kSeriesLabel = 30, kLevel = 12;
constexpr double kLatestDate = 253402300799;  // the last second of the year 9999

std::string date_of(double unix_s) {
  if (!(unix_s > 0 && unix_s <= kLatestDate)) return "at an unknown time";
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(static_cast<std::time_t>(unix_s)));
}

std::string name_of(const HistorySeries& series) {
  return printable(series.quantity + (series.identity.empty() ? "" : " [" + series.identity + "]"));
}

void add_change(Page& page, const HistorySeries& series, const HistoryChange& change) {
  const std::string name = name_of(series);
  if (columns(name) > kSeriesLabel) page.line("  " + name);
  std::string line = "  " + pad_right(columns(name) > kSeriesLabel ? "" : name, kSeriesLabel);
  if (change.ratio) {
    const std::string unit = series.unit.starts_with('%') ? "%" : series.unit;  // "% of the machine" is wide
    line += pad_left(amount(change.before, unit), kLevel) + pad_left(amount(change.after, unit), kLevel) +
            pad_left(fmt::format("{:.4g}", *change.ratio), 8);
    line +=
        change.ci95 ? pad_left(fmt::format("{:.4g} to {:.4g}", change.ci95->low, change.ci95->high), 18) : "";
  } else {
    line += fmt::format("{:.4g} -> {:.4g}", change.before, change.after);
  }
  const bool worse = change.verdict == CompareVerdict::worse;
  page.line(line + "  " + page.painted(to_text(change.verdict), worse ? Ink::red : Ink::bold));
}

void add_recording(Page& page, const HistoryGroup& group, std::size_t index) {
  bool any = false;
  for (const bool first_hand : {true, false})
    for (const HistorySeries& series : group.series)
      for (const HistoryChange& change : series.changes) {
        if (change.recording != index || series.first_hand != first_hand) continue;
        const HistoryEntry& entry = group.recordings[index];
        if (!any)
          page.title(fmt::format("from {} on ({})", printable(entry.name), date_of(entry.start_unix_s)));
        any = true;
        add_change(page, series, change);
      }
  if (!any) return;
  const auto differences = group.differences(index);
  for (const SideDifference& one : differences)
    page.paragraph(one.key, fmt::format("{} -> {}", one.before.empty() ? "(none)" : one.before,
                                        one.after.empty() ? "(none)" : one.after));
  if (differences.empty())
    page.paragraph("same", "machine, environment and command are those of the one before");
}

void add_unchanged(Page& page, const HistoryGroup& group) {
  std::vector<std::string> few, same;
  for (const HistorySeries& series : group.series)
    if (series.points.size() < kLeastForChange)
      few.push_back(name_of(series));
    else if (series.changes.empty())
      same.push_back(name_of(series));
  if (few.empty() && same.empty()) return;
  page.title("no change was found");
  if (!same.empty()) page.paragraph("in", join(same, ", "));
  if (!few.empty())
    page.paragraph("unknown", fmt::format("fewer than {} recordings have a value: {}", kLeastForChange,
                                          join(few, ", ")));
}

void add_group(Page& page, const HistoryGroup& group) {
  page.line(page.painted(wrapped(printable(group.label), page.width(), 0), Ink::bold));
  page.line(fmt::format("  {}, {} to {}", plural(group.recordings.size(), "recording"),
                        date_of(group.recordings.front().start_unix_s),
                        date_of(group.recordings.back().start_unix_s)));
  for (std::size_t i = 0; i < group.recordings.size(); ++i) add_recording(page, group, i);
  add_unchanged(page, group);
}

}  // namespace

std::string history_text(std::span<const HistoryGroup> groups, const TextStyle& style) {
  Page page(style, false);
  for (const HistoryGroup& group : groups) {
    if (!page.text().empty()) page.line();
    add_group(page, group);
  }
  return page.text();
}

}  // namespace pw
