// SPDX-License-Identifier: GPL-3.0-or-later
// What ran: the head, the time, what the output said, what failed.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <set>

#include "base/exit_status.h"
#include "base/text.h"
#include "report/text/summary.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"
#include "report/text/words.h"

namespace pw {
namespace {

constexpr std::size_t kOutputLines = 3;
constexpr std::size_t kFailuresShown = 5;

// The last lines of what it printed.
std::vector<std::string> last_lines(const std::string& output) {
  std::vector<std::string> lines = split(trim(output), '\n');
  if (lines.size() > kOutputLines) lines.erase(lines.begin(), lines.end() - kOutputLines);
  return lines;
}

std::string described(const Captured& one, const Measurand& number) {
  if (one.distinct.empty()) return "never matched";
  std::string text;
  if (one.distinct.size() == 1)
    text = one.distinct.front() + (one.missing == 0 ? " in all tests" : "");
  else if (number.value)
    text = fmt::format("{:.6g} {}, from {:.6g} to {:.6g}: not the same in all tests", number.value->mean,
                       interval(*number.value), number.value->least, number.value->most);
  else
    text = fmt::format("{} different texts, first '{}'", one.distinct.size(),
                       shortened(one.distinct.front(), 60));
  if (one.missing > 0) text += "; no match in " + plural(static_cast<std::size_t>(one.missing), "execution");
  return text;
}

}  // namespace

std::string machine_line(const Recording& recording) {
  std::vector<std::string> parts;
  for (const char* key : {"cpu_model", "system", "arch", "kernel", "hostname"})
    for (const Fact& fact : recording.machine)
      if (fact.key == key) parts.push_back(fact.value);
  return join(parts, ", ");
}

std::string when_line(const Recording& recording) {
  std::set<int> tests;
  for (const Execution& execution : recording.executions)
    if (!execution.warmup()) tests.insert(tests.end(), execution.test);
  // Times that no calendar has are a recording's own fault; fmt::gmtime would throw.
  const double kFirst = -62135596800, kLast = 253402300799;  // 0001-01-01, 9999-12-31
  const auto when = static_cast<std::time_t>(std::clamp(recording.start_unix_s, kFirst, kLast));
  // --stop-when alone ends a whole run early.
  const bool limit =
      recording.ending == Ending::complete && static_cast<int>(tests.size()) < recording.experiment.tests;
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC, {} of {}{}, {} each", fmt::gmtime(when), tests.size(),
                     limit ? "at most " : "",
                     plural(static_cast<std::size_t>(std::max(0, recording.experiment.tests)), "test"),
                     plural(recording.passes.size(), "pass"));
}

std::string how_it_failed(const Execution& execution) {
  return execution.timed_out ? "timed out" : exit_text(execution.exit_status, execution.signal);
}

void add_head(Page& page, const Recording& recording) {
  page.paragraph("command", join(recording.experiment.command, " "));
  if (!recording.experiment.target.empty()) page.paragraph("counted", recording.experiment.target);
  if (recording.experiment.delay)
    page.paragraph("counted",
                   "from " + amount(recording.experiment.delay->value, "s") +
                       " after the begin of each execution on (--delay), and rates are over that time");
  page.paragraph("machine", machine_line(recording));
  page.paragraph("recorded", when_line(recording));
  for (const Note& note : recording.notes)
    if (note.kind == NoteKind::notice) page.paragraph("note", note.text);
  const bool simulated = std::any_of(recording.sources.begin(), recording.sources.end(),
                                     [](const PowerSource& source) { return source.simulated; });
  if (simulated)
    page.line("  " + page.painted("SIMULATED POWER: the watts come from no sensor", Ink::magenta));
  if (recording.under_way())
    page.line("  " +
              page.painted("UNDER WAY: a perfwatt is recording it; this is the run so far", Ink::magenta));
  if (recording.interrupted())
    page.line("  " +
              page.painted(fmt::format("INTERRUPTED ({}): this is the run so far", to_text(recording.ending)),
                           Ink::red));
}

void add_time(Page& page, const RunAnalysis& run) {
  if (!run.elapsed.value) {
    page.title("time");
    return page.line("  " + run.elapsed.reason);
  }
  page.table("time", false);
  const auto add = [&](const char* label, const Measurand& one, const std::string& remark = "") {
    page.row({label, *one.value, one.unit, one.per_item, {}, remark});
  };
  add("elapsed", run.elapsed, run.items_per_second ? amount(*run.items_per_second, "") + " items/s" : "");
  if (run.elapsed.value->n == 1) page.line("  one test: no interval");
  constexpr const char* kLabels[] = {"user", "system", "largest resident set"};
  for (std::size_t i = 0; i < run.usage.size(); ++i) add(kLabels[i], run.usage[i]);
}

void add_captures(Page& page, const RunAnalysis& run) {
  if (run.captures.empty()) return;
  page.title("captured from the output");
  for (std::size_t i = 0; i < run.captures.size(); ++i)
    page.paragraph(run.captures[i].name, described(run.captures[i], run.captured[i]));
}

void add_failures(Page& page, const Recording& recording) {
  std::size_t count = 0;
  for (const Execution& execution : recording.executions) {
    if (!execution.failed()) continue;
    if (count == 0) page.title("failed: kept, and left out of every statistic");
    if (++count > kFailuresShown) continue;
    page.paragraph(
        execution.warmup() ? "warm-up" : fmt::format("test {}, pass {}", execution.test, execution.pass),
        how_it_failed(execution) + (trim(execution.output).empty() ? ", printed nothing" : ", last lines:"));
    if (trim(execution.output).empty()) continue;
    for (const std::string& line : last_lines(execution.output)) page.paragraph("", line);
  }
  if (count > kFailuresShown) page.line(fmt::format("  and {} more, in the export", count - kFailuresShown));
}

}  // namespace pw
