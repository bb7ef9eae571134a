// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/resolve.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <cerrno>
#include <string_view>

#include "counters/hardware_names.h"
#include "os/perf_event.h"

namespace pw {
namespace {

perf_event_attr attr_for(const EventRequest& request) {
  perf_event_attr attr = PerfEvent::counting(request.type, request.config);
  attr.inherit = 1;
  attr.exclude_kernel = attr.exclude_hv = request.modifier == "u";
  if (request.modifier == "k") attr.exclude_user = attr.exclude_hv = 1;
  return attr;
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

Refusal user_mode_refusal(const EventRequest& request, const CountingLimits& limits) {
  if (request.modifier == "u")
    return {CountStatus::not_supported,
            "it happens in kernel mode: under :u the kernel would silently say 0"};
  return {
      CountStatus::not_permitted,
      fmt::format("it happens in kernel mode, and perf_event_paranoid is {}: needs 1 or less, or CAP_PERFMON",
                  limits.paranoid.value_or(2))};
}

ResolvedEvent resolve(const EventRequest& request, Opener& opener, const CountingLimits& limits) {
  ResolvedEvent resolved;
  resolved.event.name = request.name;
  resolved.event.modifier = request.modifier;
  resolved.event.meaning = request.meaning;
  resolved.event.unit = request.unit;
  resolved.event.software = request.software();
  resolved.attr = attr_for(request);
  int error = opener.try_open(resolved.attr);
  if (forbidden(error) && request.modifier.empty()) {
    resolved.attr.exclude_kernel = resolved.attr.exclude_hv = 1;
    error = opener.try_open(resolved.attr);
  }
  resolved.event.scope = scope_of(resolved.attr);
  if (error != 0)
    refuse(resolved, explain_refusal(error, limits, request));
  else if (request.kernel_only && resolved.attr.exclude_kernel)
    refuse(resolved, user_mode_refusal(request, limits));
  return resolved;
}

}  // namespace

CountingLimits counting_limits(const Root& root) {
  utsname names{};
  ::uname(&names);
  return {perf_event_paranoid(root), has_cpu_pmu(root), std::string_view(names.machine).starts_with("ppc64")};
}

Refusal explain_refusal(int error, const CountingLimits& limits, const EventRequest& request) {
  const std::string code = std::generic_category().message(error);
  if (forbidden(error))
    return {CountStatus::not_permitted,
            fmt::format("perf_event_paranoid is {} and we have no CAP_PERFMON ({})",
                        limits.paranoid.value_or(-1), code)};
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

std::vector<ResolvedEvent> resolve_events(const std::vector<EventRequest>& requests, Opener& opener,
                                          const Root& root, const CountingLimits& limits) {
  std::vector<ResolvedEvent> events;
  for (const EventRequest& request : requests) {
    ResolvedEvent resolved = resolve(request, opener, limits);
    if (!request.software()) {
      const HardwareEvent hardware = hardware_event(root, request.name);
      resolved.event.hardware_event = hardware.text;
      if (limits.power && hardware.code) resolved.pmc = power_pmc(*hardware.code);
    }
    events.push_back(std::move(resolved));
  }
  return events;
}

}  // namespace pw
