// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/list_metrics.h"
#include "counters/resolve.h"
#include "power/sources.h"

namespace pw {
namespace {

std::vector<EventRequest> every_event() {
  std::string list;
  for (const NamedEvent& event : named_events()) list += (list.empty() ? "" : ",") + std::string(event.name);
  return parse_events(list).value();
}

int list_events(const std::string& pattern) {
  const Root root;
  KernelOpener opener;
  const auto events = resolve_events(every_event(), opener, root, counting_limits(root));
  bool any = false;
  for (const ResolvedEvent& resolved : events) {
    const Event& event = resolved.event;
    if (!pattern.empty() && event.name.find(pattern) == std::string::npos) continue;
    any = true;
    const std::string what =
        event.hardware_event.empty() ? event.meaning : event.hardware_event + ": " + event.meaning;
    if (event.status == CountStatus::ok)
      fmt::print("{:<25} ok ({:<2})        {}\n", event.name, to_text(event.scope), what);
    else
      fmt::print("{:<25} {:<14} {}\n", event.name, to_text(event.status), event.reason);
  }
  if (!any)
    return report_error({Failure::input, "no event has '" + pattern + "' in its name", "list events", ""});
  fmt::print(
      "rNNN: any raw code of this machine's PMU, in hexadecimal. NAME:u counts user mode only, NAME:k the "
      "kernel only.\n");
  return 0;
}

int list_power() {
  for (const PowerKind& kind : power_kinds()) {
    const Result<> usable = kind.usable_here();
    fmt::print("{:<8} {:<12} {}\n", kind.name, usable ? "usable" : "not usable", kind.summary);
    if (!usable) fmt::print("{:<21} {}\n", "", one_line(usable.error()));
    fmt::print("{:<21} {}\n", "", kind.syntax);
  }
  return 0;
}

}  // namespace

int list_command(int argc, char** argv) {
  CLI::App app("What exists, and what can be used here, with the reason where it cannot", "perfwatt list");
  std::string what, pattern;
  app.add_option("WHAT", what, "events, metrics or power")
      ->required()
      ->check(CLI::IsMember({"events", "metrics", "power"}));
  app.add_option("PATTERN", pattern, "only events or metrics with this in their name");
  app.footer("Examples: perfwatt list events cache   perfwatt list metrics cpi-stack   perfwatt list power");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  if (what == "metrics") return list_metrics(pattern);
  return what == "events" ? list_events(pattern) : list_power();
}

}  // namespace pw
