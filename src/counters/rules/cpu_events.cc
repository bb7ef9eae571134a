// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/rules/cpu_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "counters/names/event_list.h"
#include "counters/names/hardware_names.h"
#include "counters/rules/ruled_opener.h"
#include "facts/hardware_events.h"
#include "os/perf_event.h"

namespace pw {
namespace {

constexpr std::size_t kMostEvents = 256;

// Events that come nearest to a name that a CPU's kernel does not map.
struct Nearest {
  std::string_view cpu, name, hardware;
};
constexpr std::array<Nearest, 2> kNearest = {{{"power10", "stalled-cycles-frontend", "PM_DISP_STALL_CYC"},
                                              {"power10", "stalled-cycles-backend", "PM_EXEC_STALL"}}};

std::string upper(std::string_view cpu) { return "POWER" + std::string(cpu.substr(5)); }

const NamedEvent* perf_event(std::string_view name) {
  const auto has_name = [&](const NamedEvent& event) {
    return event.name == name || std::ranges::count(split(event.aliases, ' '), name) != 0;
  };
  const auto at = std::ranges::find_if(named_events(), has_name);
  return at == named_events().end() || name.empty() ? nullptr : &*at;
}

void count_code(ResolvedEvent& resolved, std::uint64_t code) {
  resolved.attr = PerfEvent::counting(PERF_TYPE_RAW, code);
  resolved.pmc = power_pmc(code);
}

std::string why_unmapped(std::string_view cpu, std::string_view name) {
  const std::string reason = fmt::format("{}'s kernel maps this name to no event", upper(cpu));
  for (const Nearest& nearest : kNearest)
    if (nearest.cpu == cpu && nearest.name == name)
      return fmt::format("{}; r{:x} ({}) comes nearest, and means something else", reason,
                         find_hardware(cpu, nearest.hardware).value().code, nearest.hardware);
  return reason;
}

ResolvedEvent from_perf(std::string_view cpu, const NamedEvent& named) {
  ResolvedEvent resolved;
  resolved.event.name = named.name;
  resolved.event.unit = named.unit;
  resolved.event.meaning = named.meaning;
  resolved.event.software = named.type == PERF_TYPE_SOFTWARE;
  resolved.attr = PerfEvent::counting(named.type, named.config);
  if (resolved.event.software) return resolved;
  if (const auto fact = find_portable(cpu, named.name)) {
    count_code(resolved, fact->code);
    resolved.event.hardware_event = fmt::format("{} 0x{:x}", fact->hardware, fact->code);
  } else {
    resolved.event.status = CountStatus::not_supported;
    resolved.event.reason = why_unmapped(cpu, named.name);
  }
  return resolved;
}

ResolvedEvent from_hardware(const HardwareFact& fact) {
  ResolvedEvent resolved;
  resolved.event.name = fact.name;
  resolved.event.meaning = fact.meaning;
  resolved.event.hardware_event = fmt::format("0x{:x}", fact.code);
  count_code(resolved, fact.code);
  return resolved;
}

ResolvedEvent from_code(std::string_view cpu, const std::string& name, std::uint64_t code) {
  ResolvedEvent resolved;
  const auto fact = hardware_of_code(cpu, code);
  resolved.event.name = name;
  resolved.event.meaning = fact ? fact->meaning : "raw code";
  resolved.event.hardware_event =
      fact ? fmt::format("{} 0x{:x}", fact->name, code) : fmt::format("0x{:x}", code);
  count_code(resolved, code);
  return resolved;
}

std::vector<std::string> every_name(std::string_view cpu) {
  std::vector<std::string> names;
  for (const NamedEvent& event : named_events()) names.emplace_back(event.name);
  for (const HardwareFact& fact : hardware_facts(cpu)) names.emplace_back(fact.name);
  return names;
}

tl::unexpected<Error> unknown_name(std::string_view cpu, const std::string& name) {
  std::vector<std::string> others;
  for (const std::string_view other : known_cpus())
    if (find_hardware(other, name)) others.emplace_back(other);
  const std::string what =
      others.empty() ? fmt::format("unknown event '{}' of {}", name, cpu)
                     : fmt::format("'{}' is an event of {}, not of {}", name, join(others, " and "), cpu);
  const std::string meant = did_you_mean(name, every_name(cpu));
  return fail(Failure::input, what, "-e",
              meant.empty() ? "perfwatt list events '" + name.substr(0, 5) + "*' looks for names" : meant);
}

Result<ResolvedEvent> named(std::string_view cpu, const std::string& name) {
  if (const NamedEvent* event = perf_event(name)) return from_perf(cpu, *event);
  if (const auto fact = find_hardware(cpu, name)) return from_hardware(*fact);
  if (const auto code = raw_code(name)) return from_code(cpu, name, *code);
  return unknown_name(cpu, name);
}

Result<ResolvedEvent> resolve(std::string_view cpu, const ListedEvent& listed) {
  Result<ResolvedEvent> resolved = named(cpu, listed.name);
  if (!resolved) return resolved;
  const Result<std::string> modifiers = counting_modifiers(listed);
  if (!modifiers) return pass_on(modifiers);
  apply_modifiers(*resolved, *modifiers);
  resolved->event.group = listed.group;
  return resolved;
}

bool same(const Event& a, const Event& b) { return a.label() == b.label() && a.group == b.group; }

// What does not even open alone is said at once.
void refuse_what_never_opens(std::vector<ResolvedEvent>& events, RuledOpener opener) {
  for (ResolvedEvent& resolved : events) {
    if (resolved.event.software || resolved.event.status != CountStatus::ok) continue;
    if (opener.try_open(resolved.attr) == 0) continue;
    resolved.event.status = CountStatus::not_supported;
    resolved.event.reason = opener.why_not({&resolved, 1});
  }
}

std::string study() {
  std::vector<std::string> names(std::begin(kStudyEvents), std::end(kStudyEvents));
  names.insert(names.end(), std::begin(kStudySoftwareEvents), std::end(kStudySoftwareEvents));
  return join(names, ",");
}

}  // namespace

Result<PowerCpu> known_power_cpu(std::string_view key) {
  if (const auto cpu = power_cpu(key)) return *cpu;
  const std::vector<std::string> known(known_cpus().begin(), known_cpus().end());
  const std::string meant = did_you_mean(key, known);
  return fail(Failure::input, fmt::format("unknown CPU '{}'", key), "--cpu",
              meant.empty() ? "known are " + join(known, ", ") + ", power11" : meant);
}

Result<std::vector<ResolvedEvent>> events_of_cpu(std::string_view cpu, std::string_view list) {
  const Result<PowerCpu> known = known_power_cpu(cpu);
  if (!known) return pass_on(known);
  const Result<std::vector<ListedEvent>> listed = split_events(list.empty() ? study() : std::string(list));
  if (!listed) return pass_on(listed);
  std::vector<ResolvedEvent> events;
  for (const ListedEvent& one : *listed) {
    Result<ResolvedEvent> resolved = resolve(cpu, one);
    if (!resolved) return pass_on(resolved);
    const bool twice = std::ranges::any_of(
        events, [&](const ResolvedEvent& other) { return same(other.event, resolved->event); });
    if (!twice) events.push_back(std::move(*resolved));
  }
  if (events.size() > kMostEvents)
    return fail(Failure::input, fmt::format("more than {} events", kMostEvents), "-e");
  refuse_what_never_opens(events, RuledOpener(*known));
  return events;
}

}  // namespace pw
