// SPDX-License-Identifier: GPL-3.0-or-later
// What was counted, what follows from it, and what could not be counted.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyze/metrics/metrics.h"
#include "base/text.h"
#include "report/text/metrics_page.h"
#include "report/text/reason_groups.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kUncountedNamed = 6, kRefusedShown = 2;
constexpr std::string_view kMoreReasons = "perfwatt doctor says what helps, perfwatt show -v has each reason";

std::string remark_for(const Event& event, const Measurand& count, std::size_t tests) {
  std::vector<std::string> parts;
  if (!event.hardware_event.empty()) parts.push_back(event.hardware_event);
  if (count.below_floor)
    parts.push_back(fmt::format("not above what counting adds, {:.4g}", *event.floor * event.scale));
  if (event.scope == Scope::user) parts.emplace_back("user mode only");
  if (event.scope == Scope::kernel) parts.emplace_back("kernel only");
  if (count.series.least_coverage < 1)
    parts.push_back(fmt::format("scaled, counted {:.0f} % of the time", 100 * count.series.least_coverage));
  if (count.series.tests.size() < tests)
    parts.push_back(fmt::format("in {} of {} tests", count.series.tests.size(), tests));
  return join(parts, ", ");
}

void add_counter(Page& page, const Event& event, const Measurand& count, std::size_t tests) {
  if (!count.value) return;
  page.row({printable(count.name), *count.value, event.unit == "ns" ? "s" : "", count.per_item,
            count.per_second, remark_for(event, count, tests)});
}

// "not-permitted: cycles, instructions; not-supported: branches; ..."
std::string uncounted_in_short(const RunAnalysis& run) {
  ReasonGroups groups;
  std::map<std::string, std::size_t> counts;
  for (const Measurand& one : run.counters)
    if (!one.value && ++counts[one.status] <= kUncountedNamed) groups.add(one.status, one.name);
  std::string text;
  for (const auto& [status, names] : groups.all()) {
    text += status + ": " + names;
    if (counts[status] > kUncountedNamed)
      text += fmt::format(" and {} more", counts[status] - kUncountedNamed);
    text += "; ";
  }
  return text + std::string(kMoreReasons);
}

std::vector<std::string> unknown_metrics(const RunAnalysis& run) {
  std::vector<std::string> names;
  for (const Metric& one : run.metrics)
    if (!one.value) names.push_back(one.name);
  return names;
}

// Of sources that were only tried, since none was named: how many.
std::string power_in_short(const Recording& recording, const std::string& reason, bool verbose) {
  const auto tried = std::ranges::count_if(recording.notes, [](const Note& note) {
    return note.kind == NoteKind::refusal && note.text.starts_with(kTriedNote);
  });
  if (verbose || tried < 2 || !recording.sources.empty()) return reason;
  return fmt::format("none of the {} kinds of source that were tried can be read here; {}", tried,
                     kMoreReasons);
}

// Why no power, or what of it, was not measured.
std::vector<std::string> refused_power(const Recording& recording) {
  if (recording.sources.empty()) return {why_no_power(recording)};
  std::vector<std::string> refused;
  for (const Note& note : recording.notes)
    if (note.kind == NoteKind::refusal && !note.text.starts_with(kTriedNote)) refused.push_back(note.text);
  return refused;
}

}  // namespace

void add_counters(Page& page, const Recording& recording, const RunAnalysis& run) {
  if (std::ranges::none_of(run.counters, [](const Measurand& one) { return one.value.has_value(); })) return;
  page.table("counters", true);
  for (std::size_t i = 0; i < run.counters.size(); ++i)
    add_counter(page, recording.events[i], run.counters[i], run.elapsed.series.tests.size());
}

void add_metrics(Page& page, const RunAnalysis& run, bool verbose) {
  const bool any = std::ranges::any_of(run.metrics, [](const Metric& one) { return one.value.has_value(); });
  if (run.metrics.empty() || (!any && !verbose)) return;
  page.title("metrics");
  for (const Metric& metric : run.metrics)
    if (metric.value) page.line(metric_line(metric));
  if (verbose) add_unknown_metrics(page, run.metrics);
  for (const std::string& tree : run.trees)
    page.paragraph("tree", "perfwatt show FILE -M " + tree + " takes this apart");
}

void add_not_measured(Page& page, const Recording& recording, const RunAnalysis& run, bool verbose) {
  ReasonGroups groups;
  for (const Measurand& one : run.counters)
    if (!one.value) groups.add(one.status + ": " + one.reason, one.name);
  const std::vector<std::string> refused = refused_power(recording);
  const std::vector<std::string> metrics = verbose ? std::vector<std::string>{} : unknown_metrics(run);
  if (groups.all().empty() && refused.empty() && metrics.empty()) return;
  page.title("not measured");
  if (verbose || groups.all().size() == 1)
    for (const auto& [reason, events] : groups.all()) page.paragraph(events, reason);
  else if (!groups.all().empty())
    page.paragraph("counters", uncounted_in_short(run));
  if (!metrics.empty())
    page.paragraph("metrics", join(metrics, ", ") + ": they need counters that have no value");
  if (verbose || refused.size() <= kRefusedShown)
    for (const std::string& reason : refused)
      page.paragraph("power", power_in_short(recording, reason, verbose));
  else
    page.paragraph("power", fmt::format("{} things that were asked for, the first: {}; {}", refused.size(),
                                        refused.front(), kMoreReasons));
}

}  // namespace pw
