// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/sampler_cost.h"

#include <algorithm>
#include <map>
#include <utility>

#include "analyze/series/series.h"

namespace pw {
namespace {

constexpr double kLeastCpus = 0.1;  // used by the tests: with less, nothing is known of a CPU's watts

// From its first to its last reading.
Seconds time_of(const Recording& recording, std::size_t source) {
  std::optional<Nanoseconds> first, last;
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    const auto own = recording.samples.of(i);
    if (static_cast<std::size_t>(recording.channels[i].source) != source || own.empty()) continue;
    first = std::min(first.value_or(own.front().time), own.front().time);
    last = std::max(last.value_or(own.back().time), own.back().time);
  }
  return first ? to_seconds(*last - *first) : Seconds{};
}

}  // namespace

std::optional<Watts> watts_per_cpu(const Recording& recording, std::span<const EnergyRow> energy) {
  std::map<std::pair<int, int>, const Execution*> counted;
  for (const Execution* one : counted_executions(recording))
    counted.insert_or_assign(counted.end(), std::pair(one->test, one->pass), one);
  Joules net, uncertainty;
  Seconds cpu, elapsed;
  for (const EnergyRow& row : energy) {
    const auto one = counted.find({row.test, row.pass});
    if (one == counted.end() || !row.net) continue;
    net += *row.net;
    uncertainty += row.net_uncertainty.value_or(Joules{});  // alike in all: one idle level
    cpu += one->second->user + one->second->system;
    elapsed += row.seconds;
  }
  if (cpu.value < kLeastCpus * elapsed.value || cpu.value <= 0 || net <= uncertainty) return std::nullopt;
  return Watts{net.value / cpu.value};
}

SamplerCost sampler_cost(const Recording& recording, std::size_t source, std::optional<Watts> per_cpu) {
  SamplerCost cost{shown_name(recording.sources[source]), {}, {}};
  const Seconds time = time_of(recording, source);
  if (time.value > 0 && recording.sources[source].reads > 0)
    cost.cpus = recording.sources[source].cpu.value / time.value;
  if (cost.cpus && per_cpu) cost.watts = Watts{*cost.cpus * per_cpu->value};
  return cost;
}

}  // namespace pw
