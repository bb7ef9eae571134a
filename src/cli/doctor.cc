// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <filesystem>
#include <functional>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "counters/plan/permissions.h"
#include "counters/plan/plan.h"
#include "counters/sets/floor.h"
#include "machine/machine.h"
#include "os/file.h"
#include "os/run.h"
#include "power/open/sources.h"
#include "record/plan_counting.h"

namespace pw {
namespace {

// One thing looked at: what was found and, where something is missing, the command that would allow it and
// its undo.
struct Finding {
  bool works = false;
  std::string found;
  std::string allow;
  std::string undo;
};

Finding check_perf_events() {
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

Finding check_hardware_events() {
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
Finding check_floor() {
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

Finding check_watchdog() {
  const auto watchdog = Root().number("proc/sys/kernel/nmi_watchdog");
  if (!watchdog) return {true, "there is none", "", ""};
  if (*watchdog == 0) return {true, "off: it holds no counter", "", ""};
  return {true, "on: it may hold one hardware counter, so that fewer events fit in a pass",
          "sudo sysctl kernel.nmi_watchdog=0", "sudo sysctl kernel.nmi_watchdog=1"};
}

std::vector<Finding> check_power() {
  std::vector<Finding> findings;
  for (const PowerKind& kind : power_kinds()) {
    const Result<> usable = kind.usable_here();
    if (usable) {
      const std::string_view how = kind.chosen == PowerKind::Chosen::by_address ? kind.syntax : kind.summary;
      findings.push_back({true, std::string(kind.name) + ": " + std::string(how), "", ""});
      continue;
    }
    const PowerAdvice advice = kind.advice();
    findings.push_back(
        {false, std::string(kind.name) + ": " + one_line(usable.error()), advice.allow, advice.undo});
  }
  return findings;
}

Finding check_program(const char* program, const char* use, const char* package) {
  if (!find_helper(program).empty()) return {true, use, "", ""};
  return {false, fmt::format("{} is not installed: no {}", program, use),
          fmt::format("sudo apt-get install {}", package), fmt::format("sudo apt-get remove {}", package)};
}

Finding check_gnuplot() { return check_program("gnuplot", "figures (perfwatt plot)", "gnuplot-nox"); }

Finding check_model() {
  const std::filesystem::path model = cache_folder() / "models" / "resnet50.onnx";
  std::error_code error;
  if (const Result<> ours = check_cache(model.parent_path()); !ours)
    return {false, one_line(ours.error()), "", ""};
  if (std::filesystem::exists(model, error)) return {true, model.string(), "", ""};
  return {false, "the weights of ResNet-50 are not fetched", "perfwatt model fetch resnet50",
          "rm " + shell_quoted(model.string())};
}

struct Check {
  std::string_view name;
  Finding (*look)();
};

constexpr Check kChecks[] = {
    {"perf events", check_perf_events}, {"hardware events", check_hardware_events},
    {"counting floor", check_floor},    {"NMI watchdog", check_watchdog},
    {"gnuplot", check_gnuplot},         {"model", check_model},
};

void print_finding(std::string_view name, const Finding& finding) {
  fmt::print("{} {:<17} {}\n", finding.works ? "works  " : "missing", name, printable(finding.found));
  if (!finding.allow.empty())
    fmt::print("        {:<17} allow: {}\n        {:<17} undo:  {}\n", "", finding.allow, "", finding.undo);
}

}  // namespace

int doctor_command(int argc, char** argv) {
  CLI::App app("What this machine can measure, what is missing, how to get it. Changes nothing",
               "perfwatt doctor");
  app.footer("Each `allow` line is a command for you to run; the `undo` line takes it back.");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  for (const Fact& fact : describe_machine(Root())) fmt::print("{:<20}{}\n", fact.key, fact.value);
  fmt::print("\n");
  for (const Check& check : kChecks) print_finding(check.name, check.look());
  for (const Finding& finding : check_power()) print_finding("power", finding);
  return 0;
}

}  // namespace pw
