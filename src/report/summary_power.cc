// SPDX-License-Identifier: GPL-3.0-or-later
// Power and energy of each channel.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "analyze/idle.h"
#include "analyze/series.h"
#include "analyze/statistics.h"
#include "base/text.h"
#include "report/summary_parts.h"
#include "report/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kReasonsShown = 3;
constexpr std::size_t kFullChannels = 3;

using Rows = std::vector<const EnergyRow*>;

// The rows of a channel whose execution counts.
Rows rows_of(const Recording& recording, std::span<const EnergyRow> energy, const Channel& channel) {
  const std::string source = shown_name(recording.sources[static_cast<std::size_t>(channel.source)]);
  std::set<std::pair<int, int>> counted;
  for (const Execution* one : counted_executions(recording)) counted.emplace(one->test, one->pass);
  Rows rows;
  for (const EnergyRow& one : energy)
    if (one.source == source && one.channel == channel.name && counted.count({one.test, one.pass}))
      rows.push_back(&one);
  return rows;
}

// Over the tests; a test's value is the mean over its passes.
template <class Quantity>
std::optional<Statistics> over_tests(const Rows& rows, std::optional<Quantity> EnergyRow::*field) {
  std::map<int, std::vector<double>> by_test;
  for (const EnergyRow* one : rows)
    if (const auto& value = one->*field) by_test[one->test].push_back(value->value);
  std::vector<double> values;
  for (const auto& [test, passes] : by_test) values.push_back(statistics(passes)->mean);
  return statistics(values);
}

void add_source(Page& page, const PowerSource& source, const Channel& channel) {
  std::string text = fmt::format("{} {}, {}: {}; {}", shown_name(source), source.address, channel.name,
                                 channel.scope, plural(static_cast<std::size_t>(source.reads), "reading"));
  for (const auto& [count, what] : {std::pair{source.failures, "failed"},
                                    {source.missed, "missed deadlines"},
                                    {source.reconnects, "sessions reopened"}})
    if (count > 0) text += fmt::format(", {} {}", count, what);
  page.paragraph("source", text);
}

void add_idle(Page& page, const IdleLevels& levels) {
  if (!levels.before && !levels.after)
    return page.paragraph("idle", "no level (--idle 0, or too few readings): net energy is unknown");
  const auto watts = [](const std::optional<IdleLevel>& level) {
    return level ? fmt::format("{:.1f} W", level->level.value) : "unknown";
  };
  std::string text = fmt::format("before {}, after {}", watts(levels.before), watts(levels.after));
  if (const auto drift = levels.drift()) text += fmt::format(", drift {:+.1f} %", 100 * *drift);
  page.paragraph("idle", text);
}

// Energy with its interval over the tests; the sensor's own uncertainty of one execution as a remark.
void add_energy(Page& page, const char* label, const Rows& rows, std::optional<double> items,
                std::optional<Joules> EnergyRow::*value, std::optional<Joules> EnergyRow::*uncertainty) {
  const auto joules = over_tests(rows, value);
  if (!joules) return;
  const auto sensor = over_tests(rows, uncertainty);
  page.row({label,
            *joules,
            "J",
            items ? std::optional(joules->mean / *items) : std::nullopt,
            {},
            sensor ? fmt::format("one execution ± {}", amount(sensor->mean, "J")) : ""});
}

void add_reasons(Page& page, const Rows& rows) {
  std::map<std::string, std::set<int>> reasons;
  for (const EnergyRow* one : rows)
    if (!one->reason.empty())
      reasons[one->status == EnergyStatus::measured
                  ? one->reason
                  : fmt::format("{}: {}", to_text(one->status), one->reason)]
          .insert(one->test);
  std::size_t shown = 0;
  for (const auto& [reason, tests] : reasons) {
    if (++shown > kReasonsShown) break;
    page.paragraph("note", fmt::format("{}{} (first in test {}): {}", tests.size() == 1 ? "" : "in ",
                                       plural(tests.size(), "test"), *tests.begin(), reason));
  }
  if (reasons.size() > kReasonsShown)
    page.line(fmt::format("  and {} more such notes, in the export", reasons.size() - kReasonsShown));
}

std::optional<Statistics> energy_delay(const Rows& rows) {
  std::map<int, std::vector<double>> by_test;
  for (const EnergyRow* one : rows)
    if (one->gross) by_test[one->test].push_back(one->gross->value * one->seconds.value);
  std::vector<double> values;
  for (const auto& [test, passes] : by_test) values.push_back(statistics(passes)->mean);
  return statistics(values);
}

const Channel* first_of_its_source(const Recording& recording, const Channel& channel) {
  return &*std::ranges::find(recording.channels, channel.source, &Channel::source);
}

void add_channel(Page& page, const Recording& recording, const PowerAnalysis& power, int index,
                 bool verbose) {
  const Channel& channel = recording.channels[static_cast<std::size_t>(index)];
  const PowerSource& source = recording.sources[static_cast<std::size_t>(channel.source)];
  page.table(source.simulated ? "power, SIMULATED" : "power and energy", false);
  add_source(page, source, channel);
  if (verbose || &channel == first_of_its_source(recording, channel)) add_sampler(page, power, source);
  add_idle(page, idle_levels(recording, index));
  const Rows rows = rows_of(recording, power.energy, channel);
  if (const auto mean = over_tests(rows, &EnergyRow::mean)) page.row({"mean power", *mean, "W", {}, {}, ""});
  if (const auto peak = over_tests(rows, &EnergyRow::peak)) page.row({"peak power", *peak, "W", {}, {}, ""});
  const std::optional<double> items = recording.experiment.items;
  add_energy(page, "energy, gross", rows, items, &EnergyRow::gross, &EnergyRow::uncertainty);
  add_energy(page, "energy, net of idle", rows, items, &EnergyRow::net, &EnergyRow::net_uncertainty);
  if (const auto product = energy_delay(rows))
    page.row({"energy-delay product", *product, "J s", {}, {}, ""});
  add_reasons(page, rows);
  add_lag(page, power, shown_name(source), channel.name);
  add_validity(page, power, shown_name(source), channel.name, verbose);
}

// One line for a channel: its energy, and what it measures.
void add_brief(Page& page, const Recording& recording, const PowerAnalysis& power, const Channel& channel) {
  const PowerSource& source = recording.sources[static_cast<std::size_t>(channel.source)];
  const std::string name = shown_name(source) + " " + channel.name;
  const Rows rows = rows_of(recording, power.energy, channel);
  const auto joules = over_tests(rows, &EnergyRow::gross);
  if (!joules) return page.paragraph(name, channel.scope + ": no energy (perfwatt show --verbose says why)");
  const std::optional<double> items = recording.experiment.items;
  page.row(
      {name, *joules, "J", items ? std::optional(joules->mean / *items) : std::nullopt, {}, channel.scope});
}

bool in_full(const Recording& recording, const Channel& channel) {
  const auto whole = [](const Channel& one) { return one.scope.starts_with(kWholeMachine); };
  if (recording.channels.size() <= kFullChannels) return true;
  const bool any = std::ranges::any_of(recording.channels, whole);
  return any ? whole(channel) : &channel < recording.channels.data() + kFullChannels;
}

}  // namespace

void add_power(Page& page, const Recording& recording, const PowerAnalysis& power, bool verbose) {
  std::vector<const Channel*> others;
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    if (verbose || in_full(recording, recording.channels[i]))
      add_channel(page, recording, power, static_cast<int>(i), verbose);
    else
      others.push_back(&recording.channels[i]);
  }
  if (!others.empty()) page.table("other channels, energy gross", false);
  for (const Channel* channel : others) add_brief(page, recording, power, *channel);
  add_cross_checks(page, power);
}

}  // namespace pw
