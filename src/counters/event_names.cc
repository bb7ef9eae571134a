// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/event_names.h"

#include <linux/perf_event.h>

#include <algorithm>

#include "base/text.h"
#include "counters/hardware_names.h"

namespace pw {
namespace {

constexpr auto HW = PERF_TYPE_HARDWARE;
constexpr auto SW = PERF_TYPE_SOFTWARE;

constexpr NamedEvent kEvents[] = {
    {"cycles", "cpu-cycles", HW, PERF_COUNT_HW_CPU_CYCLES, "", false, "CPU cycles"},
    {"instructions", "", HW, PERF_COUNT_HW_INSTRUCTIONS, "", false, "instructions retired"},
    {"cache-references", "", HW, PERF_COUNT_HW_CACHE_REFERENCES, "", false,
     "cache accesses: L1 data loads on POWER, mostly the last level elsewhere"},
    {"cache-misses", "", HW, PERF_COUNT_HW_CACHE_MISSES, "", false,
     "cache misses: L1 data loads on POWER, mostly the last level elsewhere"},
    {"branches", "branch-instructions", HW, PERF_COUNT_HW_BRANCH_INSTRUCTIONS, "", false, "branches retired"},
    {"branch-misses", "", HW, PERF_COUNT_HW_BRANCH_MISSES, "", false, "branches predicted wrongly"},
    {"stalled-cycles-frontend", "idle-cycles-frontend", HW, PERF_COUNT_HW_STALLED_CYCLES_FRONTEND, "", false,
     "cycles in which nothing came from the front end"},
    {"stalled-cycles-backend", "idle-cycles-backend", HW, PERF_COUNT_HW_STALLED_CYCLES_BACKEND, "", false,
     "cycles in which the back end completed nothing"},
    {"bus-cycles", "", HW, PERF_COUNT_HW_BUS_CYCLES, "", false, "bus cycles"},
    {"ref-cycles", "", HW, PERF_COUNT_HW_REF_CPU_CYCLES, "", false, "cycles at the reference frequency"},
    {"task-clock", "", SW, PERF_COUNT_SW_TASK_CLOCK, "ns", false, "CPU time of the command's threads"},
    {"cpu-clock", "", SW, PERF_COUNT_SW_CPU_CLOCK, "ns", false, "CPU time by the CPU's own clock"},
    {"context-switches", "cs", SW, PERF_COUNT_SW_CONTEXT_SWITCHES, "", true, "times a thread left its CPU"},
    {"cpu-migrations", "migrations", SW, PERF_COUNT_SW_CPU_MIGRATIONS, "", true,
     "times a thread moved to another CPU"},
    {"page-faults", "faults", SW, PERF_COUNT_SW_PAGE_FAULTS, "", false, "page faults, minor and major"},
    {"minor-faults", "", SW, PERF_COUNT_SW_PAGE_FAULTS_MIN, "", false, "page faults without input or output"},
    {"major-faults", "", SW, PERF_COUNT_SW_PAGE_FAULTS_MAJ, "", false, "page faults that read from a disk"},
    {"alignment-faults", "", SW, PERF_COUNT_SW_ALIGNMENT_FAULTS, "", false,
     "unaligned accesses the kernel fixed"},
    {"emulation-faults", "", SW, PERF_COUNT_SW_EMULATION_FAULTS, "", false,
     "instructions the kernel emulated"},
};

constexpr std::size_t kMaxEvents = 64;

bool has_alias(const NamedEvent& event, std::string_view name) {
  const std::vector<std::string> aliases = split(event.aliases, ' ');
  return !name.empty() && std::find(aliases.begin(), aliases.end(), name) != aliases.end();
}

const NamedEvent* find_named(std::string_view name) {
  for (const NamedEvent& event : kEvents)
    if (event.name == name || has_alias(event, name)) return &event;
  return nullptr;
}

std::vector<std::string> every_name() {
  std::vector<std::string> names;
  for (const NamedEvent& event : kEvents) {
    names.emplace_back(event.name);
    for (const std::string& alias : split(event.aliases, ' '))
      if (!alias.empty()) names.push_back(alias);
  }
  return names;
}

EventRequest request_for(const NamedEvent& event) {
  EventRequest request;
  request.name = event.name;
  request.type = event.type;
  request.config = event.config;
  request.unit = event.unit;
  request.meaning = event.meaning;
  request.kernel_only = event.kernel_only;
  return request;
}

Result<EventRequest> parse_event(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  EventRequest request;
  if (const NamedEvent* event = find_named(name)) {
    request = request_for(*event);
  } else if (const auto code = raw_code(name)) {
    request.name = name;
    request.type = PERF_TYPE_RAW;
    request.config = *code;
    request.meaning = "raw code of this machine's PMU";
  } else {
    std::string hint = did_you_mean(name, every_name());
    return fail(Failure::input, "unknown event '" + name + "'", "-e",
                hint.empty() ? "perfwatt list events shows them all" : hint);
  }
  if (colon == std::string::npos) return request;
  request.modifier = text.substr(colon + 1);
  if (request.modifier == "uk" || request.modifier == "ku") request.modifier.clear();
  if (!request.modifier.empty() && request.modifier != "u" && request.modifier != "k")
    return fail(Failure::input, "unknown modifier ':" + request.modifier + "' of event '" + name + "'", "-e",
                ":u counts user mode only, :k the kernel only");
  return request;
}

}  // namespace

bool EventRequest::software() const { return type == PERF_TYPE_SOFTWARE; }

std::span<const NamedEvent> named_events() { return kEvents; }

Result<std::vector<EventRequest>> parse_events(std::string_view list) {
  std::vector<EventRequest> requests;
  for (const std::string& part : split(list, ',')) {
    const std::string text(trim(part));
    if (text.empty())
      return fail(Failure::input, "an event name is missing", "-e", "write -e cycles,instructions");
    Result<EventRequest> request = parse_event(text);
    if (!request) return pass_on(request);
    const bool twice = std::any_of(requests.begin(), requests.end(), [&](const EventRequest& other) {
      return other.type == request->type && other.config == request->config &&
             other.modifier == request->modifier;
    });
    if (!twice) requests.push_back(std::move(*request));
  }
  if (requests.size() > kMaxEvents)
    return fail(Failure::input, "more than " + std::to_string(kMaxEvents) + " events", "-e");
  return requests;
}

std::vector<EventRequest> default_events() {
  std::vector<EventRequest> requests;
  for (const std::string_view name : kStudyEvents) requests.push_back(request_for(*find_named(name)));
  for (const std::string_view name : kStudySoftwareEvents) requests.push_back(request_for(*find_named(name)));
  return requests;
}

}  // namespace pw
