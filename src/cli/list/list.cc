// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "base/text.h"
#include "cli/list/list.h"
#include "cli/list/list_events.h"
#include "cli/list/list_metrics.h"
#include "cli/list/list_peaks.h"
#include "cli/list/list_regions.h"
#include "options/options.h"
#include "options/report.h"
#include "options/terminal.h"
#include "power/open/sources.h"

namespace pw {
namespace {

int list_power(const std::string& pattern) {
  std::vector<std::string> names;
  std::size_t printed = 0;
  for (const PowerKind& kind : power_kinds()) {
    names.emplace_back(kind.name);
    if (kind.name.find(pattern) == std::string_view::npos) continue;
    ++printed;
    const Result<> usable = kind.usable_here();
    fmt::print("{:<9} {:<12} {}\n", kind.name,
               !usable                                        ? "not usable"
               : kind.chosen == PowerKind::Chosen::by_address ? "by address"
                                                              : "usable",
               kind.summary);
    if (!usable) fmt::print("{:<22} {}\n", "", one_line(usable.error()));
    fmt::print("{:<22} {}\n", "", kind.syntax);
  }
  if (printed > 0) return 0;
  const std::string meant = did_you_mean(pattern, names);
  return report_error({Failure::input, "no power source has '" + pattern + "' in its name", "list power",
                       meant.empty() ? "there are " + join(names, ", ") : meant});
}

}  // namespace

int list_command(int argc, char** argv) {
  CLI::App app("What exists, and what can be used here, with the reason where it cannot", "perfwatt list");
  std::string what, pattern;
  app.add_option("WHAT", what, "events, metrics, power, regions or peaks")
      ->required()
      ->check(one_of({"events", "metrics", "power", "regions", "peaks"}));
  app.add_option("PATTERN", pattern, "only those with this in their name");
  PeakChoice choice;
  app.add_flag("--measure", choice.measure, "peaks: measures them now (some seconds) and keeps them for run");
  app.add_flag("--json", choice.json, "peaks: as JSON");
  app.footer(
      "Examples: perfwatt list events cache   perfwatt list metrics ipc   perfwatt list peaks "
      "--measure");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  if (what == "peaks") return list_peaks(pattern, choice);
  if (choice.measure || choice.json)
    return report_error({Failure::input, choice.measure ? "--measure is of peaks" : "--json is of peaks",
                         "list " + what, "perfwatt list peaks"});
  if (what == "metrics") return list_metrics(pattern);
  if (what == "regions") return list_regions(pattern);
  return what == "events" ? list_events(pattern) : list_power(pattern);
}

}  // namespace pw
