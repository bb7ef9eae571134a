// SPDX-License-Identifier: GPL-3.0-or-later
// One chart per event: the study's eight, then every other.
#include <fmt/format.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analyze/series/series.h"
#include "base/text.h"
#include "report/drawing/figure.h"
#include "report/figures/bars.h"

namespace pw {
namespace {

std::string subtitle_for(const Event& event, const Series& series) {
  std::vector<std::string> parts;
  if (!event.hardware_event.empty()) parts.push_back(event.hardware_event);
  if (event.scope == Scope::user) parts.emplace_back("user mode only");
  if (event.scope == Scope::kernel) parts.emplace_back("kernel only");
  if (series.least_coverage < 1)
    parts.push_back(fmt::format("SCALED, counted {:.0f} % of the time", 100 * series.least_coverage));
  return join(parts, ", ");
}

Figure counter_figure(const FigureInput& input, std::size_t index) {
  const Event& event = input.recording.events[index];
  const Measurand& count = input.analysis.run.counters[index];
  const std::string name = file_name(count.name);
  if (!count.value) return absent_figure(name, count.status + ": " + count.reason);
  return bar_figure(input.recording, {name, count.name, subtitle_for(event, count.series), count});
}

constexpr const char* kUnasked = "this run did not ask for it (-e)";

}  // namespace

std::vector<Figure> counter_figures(const FigureInput& input) {
  std::vector<Figure> figures;
  if (power_alone(input.recording.experiment)) return figures;
  std::set<int> done;
  for (const std::string_view name : kStudyEvents) {
    const std::optional<int> event = find_event(input.recording, name);
    figures.push_back(event ? counter_figure(input, static_cast<std::size_t>(*event))
                            : absent_figure(std::string(name), kUnasked));
    if (event) done.insert(*event);
  }
  for (std::size_t i = 0; i < input.recording.events.size(); ++i)
    if (!done.contains(static_cast<int>(i))) figures.push_back(counter_figure(input, i));
  return figures;
}

}  // namespace pw
