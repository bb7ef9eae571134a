// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/common.h"
#include "counters/rules/cpu_events.h"
#include "counters/rules/ruled_opener.h"
#include "facts/hardware_events.h"
#include "record/plan_counting.h"

namespace pw {
namespace {

void print_pass(const CountingPlan& plan, std::size_t at) {
  const Pass& pass = plan.passes[at];
  fmt::print("pass {} of {}{}\n", at + 1, plan.passes.size(), pass.reason.empty() ? "" : ": " + pass.reason);
  for (const int item : pass.events) {
    const Event& event = plan.events[static_cast<std::size_t>(item)].event;
    fmt::print("  {:<26} {:<4}{}\n", event.label(), to_text(event.scope), event.hardware_event);
  }
}

void print_fewest(const CountingPlan& plan) {
  const auto passes = static_cast<int>(plan.passes.size());
  const std::string reason = plan.fewest.reason.empty() ? "" : ": " + plan.fewest.reason;
  if (passes < 2) return;
  if (plan.fewest.passes == passes)
    fmt::print("{} passes are the fewest{}\n", passes, reason);
  else
    fmt::print("{} passes; fewer may do, but not fewer than {}{}\n", passes, plan.fewest.passes, reason);
}

void print_plan(const CountingPlan& plan) {
  for (std::size_t i = 0; i < plan.passes.size(); ++i) print_pass(plan, i);
  print_fewest(plan);
  for (const ResolvedEvent& resolved : plan.events)
    if (resolved.event.status != CountStatus::ok)
      fmt::print("{}: {}: {}\n", resolved.event.label(), to_text(resolved.event.status),
                 resolved.event.reason);
}

int plan_here(const std::string& list) {
  const auto requests =
      list.empty() ? Result<std::vector<EventRequest>>(default_events()) : parse_events(list);
  if (!requests) return report_error(requests.error());
  print_plan(plan_here(*requests));
  return 0;
}

int plan_for_cpu(const std::string& asked, const std::string& list) {
  const std::string key(counted_as(asked));
  const Result<PowerCpu> cpu = known_power_cpu(key);
  if (!cpu) return report_error(cpu.error());
  auto events = events_of_cpu(key, list);
  if (!events) return report_error(events.error());
  if (key != asked) fmt::print("{} counts the events of {}\n", asked, key);
  RuledOpener opener(*cpu);
  const CountingPlan plan = plan_passes(std::move(*events), false, opener, &opener);
  print_plan(plan);
  const bool any = std::ranges::any_of(
      plan.events, [](const ResolvedEvent& resolved) { return resolved.event.status == CountStatus::ok; });
  return any ? 0 : static_cast<int>(Failure::not_possible);
}

}  // namespace

int plan_command(int argc, char** argv) {
  CLI::App app("The passes that an event list needs, asked of this machine's kernel or known of a CPU",
               "perfwatt plan");
  std::string list, cpu;
  add_list(app, "-e,--events", list, "LIST", "events, as for `perfwatt run` (default: the study's)");
  app.add_option("--cpu", cpu, "power8, power9, power10 or power11, which need not be this machine's")
      ->type_name("CPU");
  app.footer(
      "Examples: perfwatt plan -e branches,branch-misses,cache-references\n"
      "          perfwatt plan --cpu power9 -e cycles,instructions,PM_CMPLU_STALL,PM_BR_CMPL");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  return app.count("--cpu") ? plan_for_cpu(cpu, list) : plan_here(list);
}

}  // namespace pw
