// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "record/leftovers.h"
#include "report/text/summary.h"

namespace pw {
namespace {

constexpr std::size_t kLastLines = 5;

std::string duration(Seconds time) {
  const auto whole = static_cast<long>(time.value + 0.5);
  if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
  if (whole >= 60) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} s", whole);
}

}  // namespace

ProgressLine::ProgressLine(const RecordingHeader& header)
    : header_(header),
      tests_(header.experiment.tests),
      passes_(static_cast<int>(header.passes.size())),
      simulated_(std::ranges::any_of(header.sources, &PowerSource::simulated)) {}

void ProgressLine::progress(const Progress& now) {
  if (!line_.shows()) return;
  std::string line = now.phase;
  const std::string_view of = now.wanted ? " of at most " : "/";
  if (now.phase == "test") line += fmt::format(" {}{}{}", now.test, of, tests_);
  if (now.phase == "test" && passes_ > 1) line += fmt::format(", pass {}/{}", now.pass, passes_);
  if (!now.variant.empty() && !now.phase.starts_with("idle")) line += ", " + printable(now.variant);
  if (now.wanted && now.width)
    line += fmt::format(" · ± {:.2f} %, wanted ± {:.4g} %", 100 * *now.width, 100 * *now.wanted);
  if (now.phase_left && !now.left)
    line += fmt::format(" · {} left of it", duration(*now.phase_left));
  else if (!now.left && now.spent.value >= 1)
    line += fmt::format(" · {} so far", duration(now.spent));
  if (now.left) line += fmt::format(" · about {} left", duration(*now.left));
  if (now.watts) line += fmt::format(" · {:.0f} W{}", now.watts->value, simulated_ ? " (simulated)" : "");
  line_.show(line);
}

void ProgressLine::execution(const Execution& execution) {
  if (!execution.failed()) return;
  line_.clear();
  print_failure(execution, header_.experiment);
}

void ProgressLine::warning(const std::string& text) {
  line_.clear();
  warn(text);
}

void print_failure(const Execution& execution, const Experiment& experiment) {
  std::vector<std::string> lines = split(trim(execution.output), '\n');
  std::erase(lines, "");
  fmt::print(stderr, "perfwatt: warning: {}: {}{}\n", printable(execution_name(execution, experiment)),
             how_it_failed(execution), lines.empty() ? "; it printed nothing" : "; its last lines:");
  const std::size_t first = lines.size() - std::min(lines.size(), kLastLines);
  for (std::size_t i = first; i < lines.size(); ++i) fmt::print(stderr, "  | {}\n", printable(lines[i]));
}

}  // namespace pw
