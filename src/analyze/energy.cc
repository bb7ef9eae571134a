// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/idle.h"
#include "analyze/integral.h"

namespace pw {
namespace {

constexpr double kEnoughPeriods = 10;
constexpr double kRounding = 1e-12;  // of the gross energy: a net energy below is a difference of doubles, 0

struct ChannelData {
  std::string source;
  std::string name;
  ChannelKind kind;
  Curve curve;
  IdleLevels idle;
};

ChannelData channel_data(const Recording& recording, int index, const std::optional<SensorLag>& lag) {
  const Channel& channel = recording.channels[static_cast<std::size_t>(index)];
  ChannelData data{shown_name(recording.sources[static_cast<std::size_t>(channel.source)]), channel.name,
                   channel.kind, curve_of(recording, index), idle_levels(recording, index)};
  if (lag && lag->significant())
    data.curve.delay = std::max(data.curve.delay, Seconds{std::abs(lag->lag.value) + lag->uncertainty.value});
  return data;
}

// How long a test must be for its energy to be twice its uncertainty: that of sampling grows with the root of
// the time, that of a counter's edges not at all.
double seconds_needed(ChannelKind kind, Joules energy, Joules uncertainty, Seconds seconds, Seconds period) {
  const double ratio = 2 * uncertainty.value / std::max(std::abs(energy.value), 1e-9);
  const double factor = kind == ChannelKind::instantaneous ? ratio * ratio : ratio;
  return std::max(kEnoughPeriods * period.value, factor * seconds.value);
}

// Where an energy is less than twice what the steps of the sensor's watts leave open, however long it runs.
std::optional<std::string> why_no_time_is_enough(const ChannelData& data, Joules energy, Seconds seconds) {
  const Watts step =
      data.kind == ChannelKind::instantaneous ? Watts{data.curve.step} : data.curve.sample_step;
  if (0.95 * step.value * seconds.value <= std::abs(energy.value)) return std::nullopt;
  return fmt::format("its watts have steps of {:.3g} W, which no longer run makes up for", step.value);
}

std::string why_not_resolvable(const ChannelData& data, const Integral& integral, Seconds seconds) {
  const double enough = kEnoughPeriods * data.curve.period.value;
  const std::string readings = fmt::format("{} reading{}", integral.inside, integral.inside == 1 ? "" : "s");
  if (integral.inside < 2 && seconds.value < enough)
    return fmt::format(
        "{} in {:.3g} s: not resolvable with this sensor: run at least {:.3g} s, or raise --rate", readings,
        seconds.value, enough);
  if (integral.coverage < 1)
    return fmt::format("{}, which leave {:.0f} % of {:.3g} s unwatched", readings,
                       100 * (1 - integral.coverage), seconds.value);
  const std::string text = fmt::format("uncertain by {:.3g} J of {:.3g} J: not resolvable with this sensor: ",
                                       integral.uncertainty.value, integral.energy.value);
  if (const auto why = why_no_time_is_enough(data, integral.energy, seconds)) return text + *why;
  return text +
         fmt::format("run at least {:.3g} s", seconds_needed(data.kind, integral.energy, integral.uncertainty,
                                                             seconds, data.curve.period));
}

// Of a net energy below its uncertainty.
std::string why_net_is_not_resolvable(const EnergyRow& row, const ChannelData& data) {
  const std::string text = fmt::format(
      "net energy is smaller than its uncertainty of {:.3g} J: not resolvable "
      "with this sensor: ",
      row.net_uncertainty->value);
  if (const auto why = why_no_time_is_enough(data, *row.net, row.seconds)) return text + *why;
  const Joules idle = *data.idle.uncertainty() * row.seconds;
  if (2 * idle.value > std::abs(row.net->value)) return text + "watch idle for longer (--idle)";
  return text + fmt::format("run at least {:.3g} s", seconds_needed(data.kind, *row.net, *row.uncertainty,
                                                                    row.seconds, data.curve.period));
}

void fill_net(EnergyRow& row, const ChannelData& data, Seconds middle) {
  row.idle = data.idle.at(middle);
  if (!row.idle) {
    row.reason = "no idle level: net energy is unknown";
    return;
  }
  row.net = *row.gross - *row.idle * row.seconds;
  if (std::abs(row.net->value) < kRounding * row.gross->value) row.net = Joules{0};
  row.net_uncertainty =
      Joules{std::hypot(row.uncertainty->value, data.idle.uncertainty()->value * row.seconds.value)};
  if (std::abs(row.net->value) < row.net_uncertainty->value)
    row.reason = why_net_is_not_resolvable(row, data);
}

void fill(EnergyRow& row, const Integral& integral, const ChannelData& data, const Execution& execution,
          Seconds middle) {
  row.status = EnergyStatus::measured;
  row.gross = integral.energy;
  row.uncertainty = integral.uncertainty;
  row.mean = integral.energy / row.seconds;
  if (data.kind == ChannelKind::instantaneous) row.peak = integral.peak;
  fill_net(row, data, middle);
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
    row.reason = why_not_resolvable(data, *integral, row.seconds);
    return row;
  }
  fill(row, *integral, data, execution, begin + (end - begin) / 2);
  return row;
}

}  // namespace

std::vector<EnergyRow> energy_rows(const Recording& recording,
                                   std::span<const std::optional<SensorLag>> lags) {
  std::vector<EnergyRow> rows;
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    const ChannelData data = channel_data(recording, static_cast<int>(i), lags[i]);
    for (const Execution& execution : recording.executions)
      if (!execution.warmup()) rows.push_back(row_of(data, execution, recording.start));
  }
  return rows;
}

}  // namespace pw
