// SPDX-License-Identifier: GPL-3.0-or-later
// What can be counted.
#include <fmt/format.h>

#include "base/text.h"
#include "counters/plan/permissions.h"
#include "counters/plan/plan.h"
#include "counters/sets/floor.h"
#include "doctor/checks.h"
#include "record/plan_counting.h"

namespace pw {

CheckResult check_perf_events() {
  const auto paranoid = Root().number("proc/sys/kernel/perf_event_paranoid");
  if (!paranoid)
    return {false, "the kernel has no perf events (no /proc/sys/kernel/perf_event_paranoid)", "", ""};
  const std::string level = fmt::format("perf_event_paranoid is {}", *paranoid);
  const Permissions may = permissions(Root());
  if (may.filtered != 0)
    return {false, filter_reason(may.filtered), "docker run --cap-add PERFMON ...", "docker run ..."};
  if (may.perfmon) return {true, level + "; we have CAP_PERFMON: everything may be counted", "", ""};
  const std::string allow = "sudo sysctl kernel.perf_event_paranoid=1";
  const std::string undo = fmt::format("sudo sysctl kernel.perf_event_paranoid={}", *paranoid);
  const std::string who = may.root ? ", and this root has none, as in a container" : "";
  if (*paranoid >= 3)
    return {false, level + ": nothing may be counted without CAP_PERFMON" + who, allow, undo};
  if (*paranoid == 2)
    return {false, level + ": user mode only; no context-switches, no cpu-migrations", allow, undo};
  return {true, level + ": user and kernel mode of own programs", "", ""};
}

CheckResult check_hardware_events() {
  const std::vector<std::string> names(std::begin(kStudyEvents), std::end(kStudyEvents));
  const CountingPlan plan = plan_here(parse_events(join(names, ",")).value());
  std::vector<std::string> missing;
  std::string reason;
  for (const ResolvedEvent& resolved : plan.events) {
    if (resolved.event.status == CountStatus::ok) continue;
    missing.push_back(resolved.event.name);
    reason = resolved.event.reason;
  }
  if (missing.size() == plan.events.size()) return {false, "none of the study's eight: " + reason, "", ""};
  const std::string passes =
      fmt::format("{} of the study's eight events, in {} pass{}", plan.events.size() - missing.size(),
                  plan.passes.size(), plan.passes.size() == 1 ? "" : "es");
  if (missing.empty()) return {true, passes, "", ""};
  return {false, passes + "; not " + join(missing, ", ") + ": " + reason, "", ""};
}

// What counting the default events adds to a region and costs, measured now.
CheckResult check_floor() {
  CountingPlan plan = plan_here(default_events());
  const CountingFloor floor = note_floor(plan);
  std::vector<std::string> adds;
  for (const ResolvedEvent& resolved : plan.events) {
    const Event& event = resolved.event;
    if (event.floor && *event.floor > 0)
      adds.push_back(
          fmt::format("{} {:.4g}{}", event.name, *event.floor, event.unit.empty() ? "" : " " + event.unit));
  }
  if (adds.empty() && floor.read.value == 0) return {false, "nothing can be counted", "", ""};
  return {
      true,
      fmt::format("an empty region has {}; starting and stopping takes {:.1f} us, reading {:.1f} us",
                  adds.empty() ? "nothing" : join(adds, ", "), static_cast<double>(floor.region.value) / 1e3,
                  static_cast<double>(floor.read.value) / 1e3),
      "", ""};
}

CheckResult check_watchdog() {
  const auto watchdog = Root().number("proc/sys/kernel/nmi_watchdog");
  if (!watchdog) return {true, "there is none", "", ""};
  if (*watchdog == 0) return {true, "off: it holds no counter", "", ""};
  return {true, "on: it may hold one hardware counter, so that fewer events fit in a pass",
          "sudo sysctl kernel.nmi_watchdog=0", "sudo sysctl kernel.nmi_watchdog=1"};
}

std::string hypervisor_counter_refusal() {
  const auto event = parse_events(
      "hv_gpci/dispatch_timebase_by_processor_processor_time_in_timebase_cycles,phys_processor_idx=0/");
  if (!event) return event.error().what;
  const CountingPlan plan = plan_here(*event);
  const Event& first = plan.events.front().event;
  return first.status == CountStatus::ok ? "" : first.reason;
}

}  // namespace pw
