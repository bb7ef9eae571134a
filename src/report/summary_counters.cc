// SPDX-License-Identifier: GPL-3.0-or-later
// What was counted, what follows from it, and what could not be counted.
#include <fmt/format.h>

#include <algorithm>

#include "analyze/metric_tree.h"
#include "analyze/metrics.h"
#include "analyze/series.h"
#include "analyze/statistics.h"
#include "base/text.h"
#include "report/metrics_page.h"
#include "report/reason_groups.h"
#include "report/summary_parts.h"
#include "report/text_layout.h"

namespace pw {
namespace {

bool below_floor(const Event& event, const Series& series) {
  const auto value = statistics(series.values());
  return value && event.floor && value->mean > 0 && value->mean <= *event.floor * event.scale;
}

std::string remark_for(const Recording& recording, const Event& event, const Series& series) {
  std::vector<std::string> parts;
  if (!event.hardware_event.empty()) parts.push_back(event.hardware_event);
  if (below_floor(event, series))
    parts.push_back(fmt::format("not above what counting adds, {:.4g}", *event.floor * event.scale));
  if (event.scope == Scope::user) parts.emplace_back("user mode only");
  if (event.scope == Scope::kernel) parts.emplace_back("kernel only");
  if (series.least_coverage < 1)
    parts.push_back(fmt::format("scaled, counted {:.0f} % of the time", 100 * series.least_coverage));
  const std::size_t tests = elapsed_series(recording).tests.size();
  if (series.tests.size() < tests)
    parts.push_back(fmt::format("in {} of {} tests", series.tests.size(), tests));
  return join(parts, ", ");
}

void add_counter(Page& page, const Recording& recording, int index, std::optional<double> seconds) {
  const Event& event = recording.events[static_cast<std::size_t>(index)];
  const Series series = counter_series(recording, index);
  auto value = statistics(series.values());
  if (!value) return;
  const bool nanoseconds = event.unit == "ns";
  if (nanoseconds) {
    value->mean *= 1e-9;
    if (value->half_width) *value->half_width *= 1e-9;
  }
  Row row{
      printable(event.label()), *value, nanoseconds ? "s" : "", {}, {}, remark_for(recording, event, series)};
  if (recording.experiment.items) row.per_item = value->mean / *recording.experiment.items;
  if (seconds && *seconds > 0 && !nanoseconds) row.per_second = value->mean / *seconds;
  page.row(row);
}

void add_refused_power(Page& page, const Recording& recording) {
  if (!recording.sources.empty()) return;
  std::vector<std::string> refusals;
  for (const Note& note : recording.notes)
    if (note.kind == NoteKind::refusal) refusals.push_back(note.text);
  page.paragraph("power", refusals.empty() ? "not asked for (--power none)" : join(refusals, "; "));
}

}  // namespace

void add_counters(Page& page, const Recording& recording) {
  const auto elapsed = statistics(elapsed_series(recording).values());
  bool any = false;
  for (std::size_t i = 0; i < recording.events.size() && !any; ++i)
    any = !counter_series(recording, static_cast<int>(i)).tests.empty();
  if (!any) return;
  page.table("counters", true);
  for (std::size_t i = 0; i < recording.events.size(); ++i)
    add_counter(page, recording, static_cast<int>(i), elapsed ? std::optional(elapsed->mean) : std::nullopt);
}

void add_metrics(Page& page, const Recording& recording) {
  page.title("metrics");
  const std::vector<Metric> all = metrics(recording);
  for (const Metric& metric : all)
    if (metric.value) page.line(metric_line(metric));
  add_unknown_metrics(page, all);
  for (const std::string& tree : known_trees(recording))
    page.paragraph("tree", "perfwatt show FILE -M " + tree + " takes this apart");
}

void add_not_measured(Page& page, const Recording& recording) {
  ReasonGroups groups;
  for (std::size_t i = 0; i < recording.events.size(); ++i)
    if (const std::string reason = why_uncounted(recording, static_cast<int>(i)); !reason.empty())
      groups.add(reason, recording.events[i].label());
  if (groups.all().empty() && !recording.sources.empty()) return;
  page.title("not measured");
  for (const auto& [reason, events] : groups.all()) page.paragraph(events, reason);
  add_refused_power(page, recording);
}

}  // namespace pw
