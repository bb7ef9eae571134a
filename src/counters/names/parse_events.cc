// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/names/event_names.h"

#include <linux/perf_event.h>

#include <algorithm>

#include "base/text.h"
#include "counters/names/companions.h"
#include "counters/names/event_list.h"
#include "counters/names/hardware_names.h"
#include "counters/names/hypervisor.h"
#include "counters/names/libpfm4.h"
#include "counters/names/sysfs_pmu.h"
#include "counters/names/tracepoints.h"
#include "facts/hardware_events.h"
#include "machine/cpuinfo.h"
#include "model/event.h"

namespace pw {
namespace {

constexpr std::size_t kMaxEvents = 512;

using Lookup = std::optional<Result<EventRequest>>;  // nothing: not a name of this kind

bool has_alias(const NamedEvent& event, std::string_view name) {
  const std::vector<std::string> aliases = split(event.aliases, ' ');
  return !name.empty() && std::find(aliases.begin(), aliases.end(), name) != aliases.end();
}

const NamedEvent* find_named(std::string_view name) {
  for (const NamedEvent& event : named_events())
    if (event.name == name || has_alias(event, name)) return &event;
  return nullptr;
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

EventRequest raw_request(std::string name, std::uint64_t code, std::string_view meaning) {
  EventRequest request;
  request.name = std::move(name);
  request.type = PERF_TYPE_RAW;
  request.config = code;
  request.meaning = meaning;
  return request;
}

Lookup portable(const std::string& name, const EventNames&) {
  const NamedEvent* event = find_named(name);
  return event ? Lookup(request_for(*event)) : std::nullopt;
}

Lookup cache(const std::string& name, const EventNames&) {
  for (EventRequest& event : cache_events())
    if (event.name == name) return std::move(event);
  return std::nullopt;
}

Lookup raw(const std::string& name, const EventNames& names) {
  const auto code = raw_code(name);
  if (!code) return std::nullopt;
  const auto fact = hardware_of_code(names.cpu, *code);
  return raw_request(name, *code, fact ? fact->meaning : "raw code of this machine's PMU");
}

Lookup pmu(const std::string& name, const EventNames& names) {
  if (name.find('/') == std::string::npos) return std::nullopt;
  Result<EventRequest> request = parse_pmu_event(names.root, name);
  if (request) complete_hypervisor_event(*request, name, names.root);
  return Lookup(std::move(request));
}

Lookup tracepoint(const std::string& name, const EventNames& names) {
  const auto found = find_tracepoint(names.root, name);
  return found ? Lookup(*found) : std::nullopt;
}

Lookup fact(const std::string& name, const EventNames& names) {
  const auto found = find_hardware(names.cpu, name);
  return found ? Lookup(raw_request(name, found->code, found->meaning)) : std::nullopt;
}

// A name of the CPU's own PMU in sysfs.
Lookup cpu_event(const std::string& name, const EventNames& names) {
  const std::string device = cpu_pmu_name(names.root);
  const std::vector<std::string> events =
      device.empty() ? std::vector<std::string>{} : pmu_events(names.root, device);
  if (std::find(events.begin(), events.end(), name) == events.end()) return std::nullopt;
  Result<EventRequest> request = parse_pmu_event(names.root, device + "/" + name + "/");
  if (request) request->name = name;
  return request;
}

Lookup libpfm4(const std::string& name, const EventNames& names) {
  if (!names.libpfm4) return std::nullopt;
  Result<EventRequest> request = libpfm4_event(name);
  return request ? Lookup(std::move(request)) : std::nullopt;
}

constexpr Lookup (*kLookups[])(const std::string&, const EventNames&) = {
    portable, cache, raw, pmu, fact, cpu_event, tracepoint, libpfm4};

std::vector<std::string> every_name(const EventNames& names) {
  std::vector<std::string> all;
  for (const NamedEvent& event : named_events()) {
    all.emplace_back(event.name);
    for (const std::string& alias : split(event.aliases, ' '))
      if (!alias.empty()) all.push_back(alias);
  }
  for (const EventRequest& event : cache_events()) all.push_back(event.name);
  for (const HardwareFact& event : hardware_facts(names.cpu)) all.emplace_back(event.name);
  for (const std::string& event : pmu_events(names.root, cpu_pmu_name(names.root))) all.push_back(event);
  return all;
}

// "power8 and power9", where other CPUs have an event of that name.
std::string elsewhere(const std::string& name) {
  std::vector<std::string> cpus;
  for (const std::string_view cpu : known_cpus())
    if (find_hardware(cpu, name)) cpus.emplace_back(cpu);
  return join(cpus, " and ");
}

// "sched:sched_switch", not "cylces:u".
bool like_tracepoint(const std::string& name) {
  constexpr std::size_t kMostModifiers = 8;
  const std::size_t colon = name.find(':');
  return colon != std::string::npos && colon > 0 && name.size() - colon > kMostModifiers &&
         name.find("::") == std::string::npos && !find_named(name.substr(0, colon));
}

std::string what_was_meant(const std::string& name, const EventNames& names) {
  if (like_tracepoint(name)) return did_you_mean(name, tracepoint_names(names.root));
  return did_you_mean(name.substr(0, name.find(':')), every_name(names));
}

tl::unexpected<Error> unknown_event(const std::string& name, const EventNames& names) {
  if (const std::string cpus = elsewhere(name); !cpus.empty())
    return fail(Failure::input,
                "'" + name + "' is an event of " + cpus + ", not of this CPU" +
                    (names.cpu.empty() ? "" : " (" + names.cpu + ")"),
                "-e", "perfwatt plan --cpu plans for another CPU");
  const std::string hint = what_was_meant(name, names);
  return fail(Failure::input, "unknown event '" + name + "'", "-e",
              hint.empty() ? "perfwatt list events shows them all" : hint);
}

Result<EventRequest> find_event(const std::string& name, const EventNames& names) {
  for (const auto lookup : kLookups)
    if (Lookup found = lookup(name, names)) return std::move(*found);
  const std::size_t colon = name.find(':');
  if (colon != std::string::npos && (find_named(name.substr(0, colon)) || raw_code(name.substr(0, colon))))
    return fail(Failure::input,
                "unknown modifier '" + name.substr(colon) + "' of event '" + name.substr(0, colon) + "'",
                "-e", ":u counts user mode only, :k the kernel only");
  if (const std::string why = like_tracepoint(name) ? why_no_tracepoints(names.root) : ""; !why.empty())
    return fail(Failure::not_possible,
                "'" + name + "' may be a tracepoint, and none can be looked up: " + why, "-e",
                "perfwatt list events shows what there is");
  return unknown_event(name, names);
}

bool leaves_out(const std::string& modifier) {
  const auto has = [&](char letter) { return modifier.find(letter) != std::string::npos; };
  return has('u') != has('k') || has('G') != has('H');
}

bool same(const EventRequest& a, const EventRequest& b) {
  return a.type == b.type && a.config == b.config && a.config1 == b.config1 && a.config2 == b.config2 &&
         a.modifier == b.modifier && a.group == b.group;
}

}  // namespace

bool EventRequest::software() const { return type == PERF_TYPE_SOFTWARE || type == PERF_TYPE_TRACEPOINT; }

bool EventRequest::clock() const {
  return type == PERF_TYPE_SOFTWARE &&
         (config == PERF_COUNT_SW_CPU_CLOCK || config == PERF_COUNT_SW_TASK_CLOCK);
}

EventNames EventNames::here() { return {Root(), cpu_family(Root())}; }

Result<std::vector<EventRequest>> parse_events(std::string_view list, const EventNames& names) {
  const Result<std::vector<ListedEvent>> listed = split_events(list);
  if (!listed) return pass_on(listed);
  std::vector<EventRequest> requests;
  for (const ListedEvent& event : one_for_each_chip(*listed, names.root)) {
    Result<EventRequest> request = find_event(event.name, names);
    if (!request) return pass_on(request);
    Result<std::string> modifier = counting_modifiers(event);
    if (!modifier) return pass_on(modifier);
    if (request->clock() && leaves_out(*modifier))
      return fail(Failure::input,
                  "'" + request->name + "' is a clock: the kernel gives the whole of it for :" + *modifier,
                  "-e", "write it without a modifier, outside of a {group} that has one");
    request->modifier = std::move(*modifier);
    request->group = event.group;
    if (std::none_of(requests.begin(), requests.end(), [&](auto& other) { return same(other, *request); }))
      requests.push_back(std::move(*request));
  }
  let_slots_lead(requests, names.root);
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
