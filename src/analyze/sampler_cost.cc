// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/sampler_cost.h"

#include <algorithm>

#include "analyze/series.h"

namespace pw {
namespace {

constexpr double kLeastCpus = 0.1;  // used by the tests: with less, nothing is known of a CPU's watts

// From its first to its last reading.
Seconds time_of(const Recording& recording, std::size_t source) {
  std::optional<Nanoseconds> first, last;
  for (const PowerSample& sample : recording.samples) {
    if (static_cast<std::size_t>(recording.channels[static_cast<std::size_t>(sample.channel)].source) !=
        source)
      continue;
    first = std::min(first.value_or(sample.time), sample.time);
    last = std::max(last.value_or(sample.time), sample.time);
  }
  return first ? to_seconds(*last - *first) : Seconds{};
}

const Channel* whole_machine(const Recording& recording) {
  const auto found = std::ranges::find_if(
      recording.channels, [](const Channel& channel) { return channel.scope.starts_with(kWholeMachine); });
  return found == recording.channels.end() ? nullptr : &*found;
}

// What one busy CPU adds to the machine's power: the tests' net energy over their CPU time.
std::optional<Watts> watts_per_cpu(const Recording& recording, std::span<const EnergyRow> energy) {
  const Channel* channel = whole_machine(recording);
  if (!channel) return std::nullopt;
  const std::string source = shown_name(recording.sources[static_cast<std::size_t>(channel->source)]);
  Joules net, uncertainty;
  Seconds cpu, elapsed;
  for (const Execution* one : counted_executions(recording))
    for (const EnergyRow& row : energy) {
      if (row.test != one->test || row.pass != one->pass || row.source != source ||
          row.channel != channel->name || !row.net)
        continue;
      net += *row.net;
      uncertainty += row.net_uncertainty.value_or(Joules{});  // alike in all: one idle level
      cpu += one->user + one->system;
      elapsed += row.seconds;
    }
  if (cpu.value < kLeastCpus * elapsed.value || cpu.value <= 0 || net <= uncertainty) return std::nullopt;
  return Watts{net.value / cpu.value};
}

}  // namespace

std::vector<SamplerCost> sampler_costs(const Recording& recording, std::span<const EnergyRow> energy) {
  const std::optional<Watts> per_cpu = watts_per_cpu(recording, energy);
  std::vector<SamplerCost> costs;
  for (std::size_t i = 0; i < recording.sources.size(); ++i) {
    SamplerCost cost{shown_name(recording.sources[i]), {}, {}};
    const Seconds time = time_of(recording, i);
    if (time.value > 0) cost.cpus = recording.sources[i].cpu.value / time.value;
    if (cost.cpus && per_cpu) cost.watts = Watts{*cost.cpus * per_cpu->value};
    costs.push_back(cost);
  }
  return costs;
}

}  // namespace pw
