// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/plan/resolve.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "counters/names/hardware_names.h"
#include "machine/cpuinfo.h"
#include "os/perf_event.h"

namespace pw {
namespace {

bool has(const std::string& letters, char letter) { return letters.find(letter) != std::string::npos; }

perf_event_attr attr_for(const EventRequest& request) {
  perf_event_attr attr = PerfEvent::counting(request.type, request.config);
  attr.config1 = request.config1;
  attr.config2 = request.config2;
  attr.inherit = request.cpus.empty();
  return attr;
}

void take_rising(ResolvedEvent& resolved, const EventRequest& request) {
  resolved.zero_is_doubtful = !request.pmu.empty();
  if (!request.rising) return;
  resolved.rising = PerfEvent::counting(request.type, request.rising->config);
  resolved.rising->config1 = request.rising->config1;
  resolved.rising->config2 = request.rising->config2;
}

Scope scope_of(const perf_event_attr& attr) {
  if (attr.exclude_kernel) return Scope::user;
  return attr.exclude_user ? Scope::kernel : Scope::both;
}

bool forbidden(int error) { return error == EACCES || error == EPERM; }

void refuse(ResolvedEvent& resolved, Refusal refusal) {
  resolved.event.status = refusal.status;
  resolved.event.reason = std::move(refusal.reason);
}

// The most that perf_event_paranoid may be for it.
long most_paranoid(const EventRequest& request, bool whole_cpus) {
  if (whole_cpus) return 0;
  return has(request.modifier, 'k') || has(request.modifier, 'h') ? 1 : 2;
}

std::string forbidden_reason(const CountingLimits& limits, const EventRequest& request,
                             const std::string& code) {
  const bool whole_cpus = limits.whole_cpus || !request.cpus.empty();
  const long paranoid = limits.paranoid.value_or(2), most = most_paranoid(request, whole_cpus);
  if (limits.may.perfmon || paranoid <= most)
    return "perf_event_paranoid would allow it (" + code +
           "): a security module (SELinux, lockdown) forbids it, or what is counted is another user's";
  const std::string whole = whole_cpus ? "it is counted for whole CPUs, and " : "";
  return fmt::format("{}perf_event_paranoid is {}: needs {} or less, or CAP_PERFMON, which {} ({})", whole,
                     paranoid, most,
                     limits.may.root ? "this root does not have, as in a container" : "we do not have", code);
}

Refusal user_mode_refusal(const EventRequest& request, const CountingLimits& limits) {
  if (has(request.modifier, 'u'))
    return {CountStatus::not_supported,
            "it happens in kernel mode: under :u the kernel would silently say 0"};
  return {
      CountStatus::not_permitted,
      fmt::format("it happens in kernel mode, and perf_event_paranoid is {}: needs 1 or less, or CAP_PERFMON",
                  limits.paranoid.value_or(2))};
}

int try_open(Opener& opener, const EventRequest& request, const perf_event_attr& attr) {
  return request.cpus.empty() ? opener.try_open(attr) : opener.try_open_on(attr, request.cpus.front());
}

Event event_of(const EventRequest& request) {
  Event event;
  event.name = request.name;
  event.hardware_event = request.hardware;
  event.meaning = request.meaning;
  event.unit = request.unit;
  event.software = request.software();
  event.scale = request.scale;
  event.group = request.group;
  if (!request.cpus.empty())
    event.counted_on = fmt::format("whole machine, by CPU {}", fmt::join(request.cpus, ","));
  return event;
}

// 0, or the errno: of the event alone, or behind the leader of its group where only that lets it open.
int try_open_in_group(const std::vector<EventRequest>& requests, const EventRequest& request, Opener& opener,
                      const perf_event_attr& attr) {
  const int alone = try_open(opener, request, attr);
  if (alone != EINVAL || request.group == 0) return alone;
  const auto leader = std::ranges::find_if(
      requests, [&](const EventRequest& other) { return other.leads && other.group == request.group; });
  if (leader == requests.end() || &*leader == &request) return alone;
  ResolvedEvent leading;
  leading.attr = attr_for(*leader);
  apply_modifiers(leading, leader->modifier);
  leading.attr.exclude_kernel = attr.exclude_kernel;
  leading.attr.exclude_hv = attr.exclude_hv;
  return opener.fits(std::array{leading.attr, attr}) ? 0 : alone;
}

ResolvedEvent resolve(const std::vector<EventRequest>& requests, const EventRequest& request, Opener& opener,
                      const CountingLimits& limits) {
  ResolvedEvent resolved;
  resolved.event = event_of(request);
  resolved.cpus = request.cpus;
  resolved.attr = attr_for(request);
  take_rising(resolved, request);
  apply_modifiers(resolved, request.modifier);
  resolved.leads = request.leads;
  int error = try_open_in_group(requests, request, opener, resolved.attr);
  if (forbidden(error) && request.modifier.empty() && request.cpus.empty()) {
    resolved.attr.exclude_kernel = resolved.attr.exclude_hv = 1;
    error = try_open_in_group(requests, request, opener, resolved.attr);
  }
  resolved.event.scope = request.clock() ? Scope::both : scope_of(resolved.attr);
  if (error != 0)
    refuse(resolved, explain_refusal(error, limits, request));
  else if (request.kernel_only && resolved.attr.exclude_kernel)
    refuse(resolved, user_mode_refusal(request, limits));
  return resolved;
}

// The events of the CPU's own PMU: those of fixed type, and what sysfs or libpfm4 gave its type.
bool of_cpu_pmu(const EventRequest& request) { return !request.software() && request.cpus.empty(); }

void name_hardware(ResolvedEvent& resolved, const EventRequest& request, const Root& root,
                   const CountingLimits& limits) {
  HardwareEvent hardware = hardware_event(root, limits.cpu, request);
  if (resolved.event.hardware_event.empty()) resolved.event.hardware_event = hardware.text;
  if (!hardware.meaning.empty()) resolved.event.meaning = hardware.meaning;
  if (limits.power && hardware.code) resolved.pmc = power_pmc(*hardware.code);
}

}  // namespace

void apply_modifiers(ResolvedEvent& resolved, const std::string& letters) {
  perf_event_attr& attr = resolved.attr;
  if (has(letters, 'u') || has(letters, 'k') || has(letters, 'h')) {
    attr.exclude_user = !has(letters, 'u');
    attr.exclude_kernel = !has(letters, 'k');
    attr.exclude_hv = !has(letters, 'h');
  }
  attr.exclude_host = has(letters, 'G') && !has(letters, 'H');
  attr.exclude_guest = has(letters, 'H') && !has(letters, 'G');
  attr.exclude_idle = has(letters, 'I');
  attr.pinned = has(letters, 'D');
  resolved.event.modifier = letters;
  resolved.event.scope = scope_of(attr);
}

CountingLimits counting_limits(const Root& root) {
  utsname names{};
  ::uname(&names);
  return {perf_event_paranoid(root), !cpu_pmu_name(root).empty(),
          std::string_view(names.machine).starts_with("ppc64"), cpu_family(root), permissions(root)};
}

Refusal explain_refusal(int error, const CountingLimits& limits, const EventRequest& request) {
  const std::string code = std::generic_category().message(error);
  if (limits.may.filtered != 0 && (forbidden(error) || error == ENOSYS))
    return {CountStatus::not_permitted, filter_reason(limits.may.filtered)};
  const bool paranoid = !limits.may.perfmon && limits.paranoid.value_or(2) > 0;
  if (const auto refusal = hypervisor_refusal(error, paranoid, request)) return *refusal;
  if (forbidden(error)) return {CountStatus::not_permitted, forbidden_reason(limits, request, code)};
  if (error == ENOSYS)
    return {CountStatus::not_supported, "the kernel (or an emulator) has no perf_event_open (" + code + ")"};
  if (error == EMFILE || error == ENFILE)
    return {CountStatus::not_counted, "no file descriptor is left (" + code + ")"};
  if (error == EBUSY) return {CountStatus::not_counted, "the PMU is in use by something else (" + code + ")"};
  if (!request.software() && !limits.cpu_pmu)
    return {CountStatus::not_supported,
            "no PMU of the CPU is visible, as in most virtual machines (" + code + ")"};
  return {CountStatus::not_supported, "this machine's PMU does not count it (" + code + ")"};
}

void put_leaders_first(std::vector<int>& items, const std::vector<ResolvedEvent>& events) {
  // Not of std::ranges: clang 14 does not compile what libstdc++'s returns.
  std::stable_partition(items.begin(), items.end(),
                        [&](int item) { return events[static_cast<std::size_t>(item)].leads; });
}

std::vector<ResolvedEvent> resolve_events(const std::vector<EventRequest>& requests, Opener& opener,
                                          const Root& root, const CountingLimits& limits) {
  std::vector<ResolvedEvent> events;
  for (const EventRequest& request : requests) {
    ResolvedEvent resolved = resolve(requests, request, opener, limits);
    if (of_cpu_pmu(request)) name_hardware(resolved, request, root, limits);
    events.push_back(std::move(resolved));
  }
  return events;
}

}  // namespace pw
