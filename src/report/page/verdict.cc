// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/page/key_figures.h"
#include "report/page/page_parts.h"
#include "report/text/text_layout.h"
#include "report/text/words.h"

namespace pw {
namespace {

std::string with_interval(const Measurand& one) {
  const std::string width = interval(*one.value);
  return amount(one.value->mean, one.unit) + (width.empty() ? "" : " " + width);
}

std::string time_part(const RunAnalysis& run) {
  if (!run.elapsed.value) return "no test has a time: " + run.elapsed.reason;
  const int n = run.elapsed.value->n;
  if (n == 1) return fmt::format("the one test took {}", amount(run.elapsed.value->mean, "s"));
  return fmt::format("a test took {} ({} tests)", with_interval(run.elapsed), n);
}

std::string power_part(const Recording& recording, const Analysis& analysis) {
  const auto channel = main_channel(recording);
  if (!channel) return "no power was measured";
  const ChannelValues& values = analysis.power.channels[*channel].values;
  const Channel& one = recording.channels[*channel];
  const std::string by = fmt::format("{} by {}", one.scope, shown_name(source_of(recording, one)));
  if (values.gross.value && values.mean.value)
    return fmt::format("{} at {} ({})", with_interval(values.gross), amount(values.mean.value->mean, "W"),
                       by);
  return "its energy is unknown (" + by + ")";
}

std::string run_part(const Recording& recording, const Analysis& analysis) {
  if (power_alone(recording.experiment)) return "power alone: " + power_part(recording, analysis);
  const std::string time = time_part(analysis.run);
  if (!analysis.run.elapsed.value) return time;
  const std::string power = power_part(recording, analysis);
  return main_channel(recording) ? time + " and " + (power.starts_with("its") ? power : "drew " + power)
                                 : time + "; " + power;
}

std::string findings_part(const Analysis& analysis) {
  std::vector<std::string> titles;
  for (const FindingOutcome& one : analysis.findings)
    if (one.status == FindingStatus::applies) titles.push_back(one.title);
  if (titles.empty()) return "";
  return (titles.size() == 1 ? " One finding: " : fmt::format(" {} findings: ", titles.size())) +
         join(titles, ", ") + ".";
}

std::string beginning(const Recording& recording) {
  if (recording.under_way()) return "still under way: ";
  if (recording.interrupted()) return fmt::format("interrupted ({}): ", to_text(recording.ending));
  return "";
}

}  // namespace

std::string verdict_of(const Recording& recording, const Analysis& analysis) {
  std::string text = beginning(recording) + run_part(recording, analysis) + ".";
  if (text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
  const std::size_t warnings = warnings_of(recording, analysis).size();
  text += findings_part(analysis);
  return text + (warnings == 0 ? " No warnings." : " " + plural(warnings, "warning") + ".");
}

}  // namespace pw
