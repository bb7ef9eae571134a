// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "counters/plan.h"

namespace pw {
namespace {

void print_pass(const CountingPlan& plan, std::size_t at) {
  const Pass& pass = plan.passes[at];
  fmt::print("pass {} of {}{}\n", at + 1, plan.passes.size(), pass.reason.empty() ? "" : ": " + pass.reason);
  for (const int item : pass.events) {
    const Event& event = plan.events[static_cast<std::size_t>(item)].event;
    fmt::print("  {:<26}{:<4}{}\n", event.label(), to_text(event.scope), event.hardware_event);
  }
}

}  // namespace

int plan_command(int argc, char** argv) {
  CLI::App app("The passes that an event list needs on this machine, asked of its kernel", "perfwatt plan");
  std::string list;
  app.add_option("-e,--events", list, "events, as for `perfwatt run` (default: the study's)")
      ->type_name("LIST");
  app.footer("Example: perfwatt plan -e branches,branch-misses,cache-references");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  const auto requests =
      list.empty() ? Result<std::vector<EventRequest>>(default_events()) : parse_events(list);
  if (!requests) return report_error(requests.error());
  const Root root;
  KernelOpener opener;
  const CountingPlan plan =
      plan_passes(resolve_events(*requests, opener, root, counting_limits(root)), false, opener);
  for (std::size_t i = 0; i < plan.passes.size(); ++i) print_pass(plan, i);
  for (const ResolvedEvent& resolved : plan.events)
    if (resolved.event.status != CountStatus::ok)
      fmt::print("{}: {}: {}\n", resolved.event.label(), to_text(resolved.event.status),
                 resolved.event.reason);
  return 0;
}

}  // namespace pw
