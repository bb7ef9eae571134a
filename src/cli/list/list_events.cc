// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/list/list_events.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <strings.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "counters/names/hardware_names.h"
#include "counters/names/sysfs_pmu.h"
#include "counters/names/tracepoints.h"
#include "counters/plan/resolve.h"
#include "facts/hardware_events.h"
#include "options/options.h"
#include "options/report.h"
#include "options/terminal.h"

namespace pw {
namespace {

bool contains(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) { return ::strncasecmp(&a, &b, 1) == 0; };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool matches(std::string_view name, std::string_view meaning, const std::string& pattern) {
  if (pattern.empty()) return true;
  if (pattern.find_first_of("*?") != std::string::npos)
    return ::fnmatch(pattern.c_str(), std::string(name).c_str(), FNM_CASEFOLD) == 0;
  return contains(name, pattern) || contains(meaning, pattern);
}

// A title and the names of its events, as -e takes them.
struct Section {
  std::string title;
  std::vector<std::string> names;
};

Section portable(std::uint32_t type, std::string title) {
  Section section{std::move(title), {}};
  for (const NamedEvent& event : named_events())
    if (event.type == type) section.names.emplace_back(event.name);
  return section;
}

Section caches() {
  Section section{"cache events", {}};
  for (const EventRequest& event : cache_events()) section.names.push_back(event.name);
  return section;
}

std::vector<Section> pmus(const Root& root) {
  std::vector<Section> sections;
  for (const std::string& pmu : pmu_names(root)) {
    Section section{"PMU " + pmu, {}};
    for (const std::string& event : pmu_events(root, pmu)) section.names.push_back(pmu + "/" + event + "/");
    if (!section.names.empty()) sections.push_back(std::move(section));
  }
  return sections;
}

Section own_events(const std::string& cpu) {
  Section section{cpu + "'s own events", {}};
  for (const HardwareFact& fact : hardware_facts(cpu)) section.names.emplace_back(fact.name);
  return section;
}

// What is counted, and where it cannot be and `with_reason`: why.
std::string described(const Event& event, bool with_reason) {
  std::string what = event.hardware_event;
  if (!event.meaning.empty()) what += (what.empty() ? "" : ": ") + event.meaning;
  if (event.scale != 1) what += fmt::format(" (x {} {})", exact_number(event.scale), event.unit);
  if (event.status != CountStatus::ok && with_reason) what += (what.empty() ? "" : ": ") + event.reason;
  return printable(what);
}

std::string status_of(const Event& event) {
  if (event.status != CountStatus::ok) return std::string(to_text(event.status));
  return fmt::format("ok ({})", event.counted_on.empty() ? to_text(event.scope) : "machine");
}

// The reason that all have in common; "" where there is none.
std::string common_reason(const std::vector<ResolvedEvent>& events) {
  const std::string& first = events.front().event.reason;
  const bool same = std::all_of(events.begin(), events.end(),
                                [&](const ResolvedEvent& one) { return one.event.reason == first; });
  return same ? first : "";
}

// Prints what matches; how many did.
std::size_t print_section(const Section& section, const std::string& pattern, const EventNames& names,
                          Opener& opener, const CountingLimits& limits) {
  std::vector<EventRequest> requests;
  for (const std::string& name : section.names) {
    const auto parsed = parse_events(name, names);
    if (parsed && matches(name, parsed->front().meaning, pattern)) requests.push_back(parsed->front());
  }
  if (requests.empty()) return 0;
  const std::vector<ResolvedEvent> events = resolve_events(requests, opener, names.root, limits);
  const std::string reason = common_reason(events);
  fmt::print("# {}{}{}\n", section.title, reason.empty() ? "" : ": ", reason);
  for (const ResolvedEvent& one : events)
    fmt::print("{:<27} {:<15} {}\n", printable(one.event.name), status_of(one.event),
               described(one.event, reason.empty()));
  return requests.size();
}

// Events of CPUs that this machine does not have.
std::size_t print_elsewhere(const std::string& pattern, const std::string& here) {
  std::size_t printed = 0;
  for (const std::string_view cpu : known_cpus()) {
    if (cpu == here) continue;
    for (const HardwareFact& fact : hardware_facts(cpu))
      if (matches(fact.name, fact.meaning, pattern)) {
        if (printed++ == 0) fmt::print("# of other CPUs (perfwatt plan --cpu plans for them)\n");
        fmt::print("{:<27} {:<15} {:#x}: {}\n", fact.name, cpu, fact.code, fact.meaning);
      }
  }
  return printed;
}

std::string what_was_meant(const std::string& pattern, const std::vector<Section>& sections) {
  std::vector<std::string> names;
  for (const Section& section : sections)
    names.insert(names.end(), section.names.begin(), section.names.end());
  const std::string meant = did_you_mean(pattern, names);
  if (const std::string why = why_no_tracepoints(Root());
      !why.empty() && pattern.find(':') != std::string::npos)
    return why;
  return meant.empty() ? "perfwatt list events shows what there is" : meant;
}

void print_more(const Section& section, const char* how) {
  if (!section.names.empty())
    fmt::print("# and {} {}: perfwatt list events {}\n", section.names.size(), section.title, how);
}

}  // namespace

int list_events(const std::string& pattern) {
  const EventNames names = EventNames::here();
  KernelOpener opener;
  const CountingLimits limits = counting_limits(names.root);
  std::vector<Section> sections = {portable(PERF_TYPE_HARDWARE, "hardware events"),
                                   portable(PERF_TYPE_SOFTWARE, "software events"), caches()};
  for (Section& pmu : pmus(names.root)) sections.push_back(std::move(pmu));
  const Section own = own_events(names.cpu), traces{"tracepoints", tracepoint_names(names.root)};
  if (!pattern.empty()) sections.insert(sections.end(), {own, traces});
  std::size_t printed = 0;
  for (const Section& section : sections) printed += print_section(section, pattern, names, opener, limits);
  if (!pattern.empty() && printed == 0) printed = print_elsewhere(pattern, names.cpu);
  if (printed == 0)
    return report_error({Failure::input, "no event has '" + pattern + "' in its name or meaning",
                         "list events", what_was_meant(pattern, sections)});
  if (!pattern.empty()) return 0;
  print_more(own, "PM_");
  print_more(traces, "sched:");
  if (const std::string why = why_no_tracepoints(names.root); !why.empty())
    fmt::print("# no tracepoints: {}\n", why);
  fmt::print(
      "# rNNN: any raw code of this machine's PMU, in hexadecimal. NAME:u counts user mode only, NAME:k the "
      "kernel.\n");
  return 0;
}

}  // namespace pw
