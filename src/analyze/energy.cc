// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/curve.h"
#include "analyze/idle.h"

namespace pw {
namespace {

constexpr double kEnoughPeriods = 10;

struct ChannelData {
  std::string source;
  std::string name;
  ChannelKind kind;
  Curve curve;
  IdleLevels idle;
};

ChannelData channel_data(const Recording& recording, int index) {
  const Channel& channel = recording.channels[static_cast<std::size_t>(index)];
  return {shown_name(recording.sources[static_cast<std::size_t>(channel.source)]), channel.name, channel.kind,
          curve_of(recording, index), idle_levels(recording, index)};
}

std::string why_not_resolvable(const Integral& integral, const Curve& curve, double seconds) {
  const double enough = kEnoughPeriods * curve.period.value;
  if (integral.inside < 2 && seconds < enough)
    return fmt::format("{} reading{} in {:.3g} s: run at least {:.3g} s, or raise --rate", integral.inside,
                       integral.inside == 1 ? "" : "s", seconds, enough);
  if (integral.coverage < 1)
    return fmt::format("{} reading{}, which leave {:.0f} % of {:.3g} s unwatched", integral.inside,
                       integral.inside == 1 ? "" : "s", 100 * (1 - integral.coverage), seconds);
  return fmt::format("uncertain by {:.3g} J of {:.3g} J: run at least {:.3g} s, or raise --rate",
                     integral.uncertainty.value, integral.energy.value, std::max(enough, 2 * seconds));
}

void fill_net(EnergyRow& row, const IdleLevels& levels, Seconds middle) {
  row.idle = levels.at(middle);
  if (!row.idle) {
    row.reason = "no idle level: net energy is unknown";
    return;
  }
  row.net = *row.gross - *row.idle * row.seconds;
  row.net_uncertainty =
      Joules{std::hypot(row.uncertainty->value, levels.uncertainty()->value * row.seconds.value)};
  if (std::abs(row.net->value) < row.net_uncertainty->value)
    row.reason =
        fmt::format("net energy is smaller than its uncertainty of {:.3g} J", row.net_uncertainty->value);
}

void fill(EnergyRow& row, const Integral& integral, const ChannelData& data, const Execution& execution,
          Seconds middle) {
  row.status = EnergyStatus::measured;
  row.gross = integral.energy;
  row.uncertainty = integral.uncertainty;
  row.mean = integral.energy / row.seconds;
  if (data.kind == ChannelKind::instantaneous) row.peak = integral.peak;
  fill_net(row, data.idle, middle);
  if (!execution.items || *execution.items <= 0) return;
  row.gross_per_item = *row.gross / *execution.items;
  if (row.net) row.net_per_item = *row.net / *execution.items;
}

EnergyRow row_of(const ChannelData& data, const Execution& execution, Nanoseconds start) {
  const Seconds begin = to_seconds(execution.begin - start);
  const Seconds end = to_seconds(execution.end - start);
  EnergyRow row;
  row.test = execution.test;
  row.pass = execution.pass;
  row.source = data.source;
  row.channel = data.name;
  row.seconds = end - begin;
  const Integrated integral = data.kind == ChannelKind::instantaneous ? integrate(data.curve, begin, end)
                                                                      : difference(data.curve, begin, end);
  if (!integral) {
    row.reason = integral.error();
    return row;
  }
  row.coverage = integral->coverage;
  if (integral->inside < 2 || integral->uncertainty >= integral->energy) {
    row.status = EnergyStatus::not_resolvable;
    row.reason = why_not_resolvable(*integral, data.curve, row.seconds.value);
    return row;
  }
  fill(row, *integral, data, execution, begin + (end - begin) / 2);
  return row;
}

}  // namespace

std::vector<EnergyRow> energy_rows(const Recording& recording) {
  std::vector<EnergyRow> rows;
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    const ChannelData data = channel_data(recording, static_cast<int>(i));
    for (const Execution& execution : recording.executions)
      if (!execution.warmup()) rows.push_back(row_of(data, execution, recording.start));
  }
  return rows;
}

}  // namespace pw
