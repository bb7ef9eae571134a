// SPDX-License-Identifier: GPL-3.0-or-later
// Power and energy of each channel.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "model/main_channel.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kReasonsShown = 3;

using Rows = std::vector<const EnergyRow*>;

// The parts of a source that are not read.
std::size_t left_out(const Recording& recording, const PowerSource& source) {
  const std::string beginning = left_out_note(source);
  return static_cast<std::size_t>(std::ranges::count_if(recording.notes, [&](const Note& note) {
    return note.kind == NoteKind::refusal && note.text.starts_with(beginning);
  }));
}

void add_source(Page& page, const Recording& recording, const Channel& channel) {
  const PowerSource& source = source_of(recording, channel);
  std::string text = fmt::format("{} {}, {}: {}; {}", shown_name(source), source.address, channel.name,
                                 channel.scope, plural(static_cast<std::size_t>(source.reads), "reading"));
  for (const auto& [count, what] : {std::pair{source.failures, "failed"},
                                    {source.missed, "missed deadlines"},
                                    {source.reconnects, "sessions reopened"}})
    if (count > 0) text += fmt::format(", {} {}", count, what);
  if (const std::size_t parts = left_out(recording, source); parts > 0)
    text += fmt::format("; WITHOUT {} of this source, below", plural(parts, "part"));
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

const Channel* first_of_its_source(const Recording& recording, const Channel& channel) {
  return &*std::ranges::find(recording.channels, channel.source, &Channel::source);
}

void add_channel(Page& page, const Recording& recording, const PowerAnalysis& power, std::size_t index,
                 bool verbose) {
  const Channel& channel = recording.channels[index];
  const ChannelAnalysis& known = power.channels[index];
  const auto number = static_cast<std::size_t>(channel.source);
  const PowerSource& source = recording.sources[number];
  page.table(source.simulated ? "power, SIMULATED" : "power and energy", false);
  add_source(page, recording, channel);
  if (verbose || &channel == first_of_its_source(recording, channel))
    add_sampler(page, source, power.samplers[number]);
  add_idle(page, known.idle);
  const ChannelValues& values = known.values;
  add_value(page, "mean power", values.mean);
  add_value(page, "peak power", values.peak);
  add_energy(page, "energy, gross", values.gross, values.gross_error);
  add_energy(page, "energy, net of idle", values.net, values.net_error);
  add_value(page, "energy-delay product", values.energy_delay);
  add_reasons(page, counted_rows(recording, known.energy));
  add_lag(page, known);
  for (const std::string& doubt : known.doubts) page.paragraph("sensor", doubt);
  add_validity(page, known.validity, verbose);
}

// One line for a channel: its energy, and what it measures.
void add_brief(Page& page, const Recording& recording, const PowerAnalysis& power, std::size_t index) {
  const Channel& channel = recording.channels[index];
  const PowerSource& source = source_of(recording, channel);
  const std::string name = shown_name(source) + " " + channel.name;
  const Measurand& joules = power.channels[index].values.gross;
  if (!joules.value)
    return page.paragraph(name, channel.scope + ": no energy (perfwatt show --verbose says why)");
  page.row({name, *joules.value, "J", joules.per_item, {}, channel.scope});
}

}  // namespace

void add_value(Page& page, const char* label, const Measurand& one) {
  if (one.value) page.row({label, *one.value, one.unit, {}, {}, ""});
}

void add_energy(Page& page, const char* label, const Measurand& joules, const Measurand& error) {
  if (!joules.value) return;
  page.row({label,
            *joules.value,
            joules.unit,
            joules.per_item,
            {},
            error.value ? fmt::format("one execution ± {}", amount(error.value->mean, "J")) : ""});
}

void add_reasons(Page& page, const Rows& rows) {
  std::map<std::string, std::set<int>> reasons;
  for (const EnergyRow* one : rows)
    if (!one->reason.empty())
      reasons[one->status == EnergyStatus::measured || one->status == EnergyStatus::modelled
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

void add_power(Page& page, const Recording& recording, const PowerAnalysis& power, bool verbose) {
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < power.channels.size(); ++i) {
    if (verbose || told_in_full(recording, i))
      add_channel(page, recording, power, i, verbose);
    else
      others.push_back(i);
  }
  if (!others.empty()) page.table("other channels, energy gross", false);
  for (const std::size_t channel : others) add_brief(page, recording, power, channel);
  add_cross_checks(page, power);
}

}  // namespace pw
