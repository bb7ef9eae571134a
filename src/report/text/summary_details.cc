// SPDX-License-Identifier: GPL-3.0-or-later
// Counts of the parts of what ran: threads, cores, sockets, CPUs; and how often the counters were read on the
// way.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "analyze/series/series.h"
#include "base/text.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kPartsShown = 16;
constexpr std::size_t kEventsShown = 5;
constexpr std::size_t kLabel = 26;
constexpr std::size_t kColumn = 14;
constexpr std::string_view kInherits = " (and what it started)";  // a thread of a running process

struct Part {
  std::string name;
  std::map<int, double> amounts;  // by event
};

// The parts of the executions of one test, whose passes count different events, in the order of the first
// event.
std::vector<Part> parts_of_test(const Recording& recording, int test) {
  std::vector<Part> parts;
  for (const Execution* execution : counted_executions(recording))
    for (const PartReading& one : execution->parts) {
      if (execution->test != test) continue;
      auto part =
          std::find_if(parts.begin(), parts.end(), [&](const Part& other) { return other.name == one.part; });
      if (part == parts.end()) part = parts.insert(parts.end(), {one.part, {}});
      const auto amount =
          amount_of(recording.events[static_cast<std::size_t>(one.reading.event)], one.reading);
      if (amount) part->amounts[one.reading.event] = *amount;
    }
  std::ranges::stable_sort(parts, std::greater<>(), [](const Part& part) {
    return part.amounts.empty() ? 0.0 : part.amounts.begin()->second;
  });
  return parts;
}

std::vector<int> events_of(const std::vector<Part>& parts) {
  std::set<int> events;
  for (const Part& part : parts)
    for (const auto& [event, amount] : part.amounts) events.insert(event);
  std::vector<int> shown(events.begin(), events.end());
  if (shown.size() > kEventsShown) shown.resize(kEventsShown);
  return shown;
}

std::string cell(const Recording& recording, const Part& part, int event) {
  const auto at = part.amounts.find(event);
  if (at == part.amounts.end()) return pad_left("-", kColumn);
  const Event& of = recording.events[static_cast<std::size_t>(event)];
  return pad_left(of.unit == "ns" ? amount(at->second * 1e-9, "s") : amount(at->second, of.unit), kColumn);
}

void add_part_table(Page& page, const Recording& recording, const std::vector<Part>& parts) {
  const std::vector<int> events = events_of(parts);
  std::string head = pad_right("  part", kLabel);
  for (const int event : events)
    head +=
        pad_left(shortened(recording.events[static_cast<std::size_t>(event)].label(), kColumn - 1), kColumn);
  page.line(head);
  for (std::size_t i = 0; i < parts.size() && i < kPartsShown; ++i) {
    std::string_view name = parts[i].name;
    if (name.ends_with(kInherits)) name.remove_suffix(kInherits.size());  // the title says it
    std::string line = pad_right("  " + shortened(printable(name), kLabel - 3), kLabel);
    for (const int event : events) line += cell(recording, parts[i], event);
    page.line(line);
  }
  if (parts.size() > kPartsShown)
    page.line(fmt::format("  and {} more, in the export (parts.csv)", parts.size() - kPartsShown));
}

}  // namespace

void add_parts(Page& page, const Recording& recording) {
  const std::vector<const Execution*> executions = counted_executions(recording);
  if (executions.empty()) return;
  const int last = executions.back()->test;
  if (const std::vector<Part> parts = parts_of_test(recording, last); !parts.empty()) {
    const bool inherits = parts.front().name.ends_with(kInherits);
    page.title(
        fmt::format("per {}{}, in test {}", recording.experiment.per, inherits ? kInherits : "", last));
    add_part_table(page, recording, parts);
  }
  std::set<std::int64_t> times;
  for (const Execution* execution : executions)
    for (const IntervalReading& one : execution->intervals) times.insert(one.time.value);
  if (times.empty()) return;
  page.title("intervals");
  page.line(fmt::format("  {} of {} s, in the export (intervals.csv)", plural(times.size(), "reading"),
                        exact_number(recording.experiment.interval.value_or(Seconds{0}).value)));
}

}  // namespace pw
