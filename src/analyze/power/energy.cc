// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/power/integral.h"
#include "analyze/power/stopped.h"
#include "analyze/series/series.h"
#include "analyze/statistics/parts.h"

namespace pw {
namespace {

constexpr double kEnoughPeriods = 10;
constexpr int kEnoughReadings = 5;   // of watts: fewer do not show how much lies between them
constexpr int kEnoughCounts = 2;     // of joules
constexpr double kMostOfNet = 0.5;   // of the net energy: what a sensor that spreads edges may be off by
constexpr double kLittle = 1e-3;     // of the gross energy: likewise, where no load is seen
constexpr double kRounding = 1e-12;  // of the gross energy: a net energy below is a difference of doubles, 0

struct ChannelData {
  std::string source;
  std::string name;
  ChannelKind kind;
  const Curve& curve;
  const IdleLevels& idle;
};

ChannelData channel_data(const Recording& recording, const EnergyInput& input) {
  const Channel& channel = recording.channels[input.channel];
  return {shown_name(source_of(recording, channel)), channel.name, channel.kind, input.curve, input.idle};
}

// How far each power that the sensor tells may be off, for it tells steps.
Watts half_step(const ChannelData& data) {
  return data.kind == ChannelKind::instantaneous ? Watts{most_off(data.curve)} : data.curve.sample_error;
}

// 95 %: what stays unknown of the mean power, however long it is watched.
Watts lasting_error(const ChannelData& data) { return half_step(data) * kUniform95; }

// How long a test must be for its energy to be twice its uncertainty: that of sampling grows with the root of
// the time, that of a counter's edges not at all, `lasting` with the time: nothing where it leaves no such
// time.
std::optional<double> seconds_needed(const ChannelData& data, Joules energy, Joules uncertainty,
                                     Seconds seconds, Watts lasting) {
  const double watts = (energy / seconds).value;
  const double spare = watts * watts - 4 * lasting.value * lasting.value;
  if (spare <= 0) return std::nullopt;
  const double constant = lasting_error(data).value * seconds.value;
  const double rest = std::max(0.0, uncertainty.value * uncertainty.value - constant * constant);
  const double needed = data.kind == ChannelKind::instantaneous ? 4 * rest / (seconds.value * spare)
                                                                : 2 * std::sqrt(rest / spare);
  return std::max(kEnoughPeriods * data.curve.period.value, needed);
}

std::string run_for(std::optional<double> seconds, Watts lasting) {
  if (seconds) return fmt::format("run at least {:.3g} s", *seconds);
  if (lasting.value <= 0) return "no run is long enough";
  return fmt::format("however long it runs, its power is uncertain by {:.2g} W", lasting.value);
}

int enough_readings(const ChannelData& data) {
  return data.kind == ChannelKind::instantaneous ? kEnoughReadings : kEnoughCounts;
}

std::string why_not_resolvable(const ChannelData& data, const Integral& integral, Seconds seconds) {
  const double enough = kEnoughPeriods * data.curve.period.value;
  const std::string readings = fmt::format("{} reading{}", integral.inside, integral.inside == 1 ? "" : "s");
  // A sensor that has something new more seldom shows no more where it is read more often.
  const char* more = data.curve.renews < data.curve.period ? ", or raise --rate" : "";
  if (integral.inside < enough_readings(data) && seconds.value < enough)
    return fmt::format("{} in {:.3g} s: not resolvable with this sensor: run at least {:.3g} s{}", readings,
                       seconds.value, enough, more);
  if (integral.coverage < 1)
    return fmt::format("{}, which leave {:.0f} % of {:.3g} s unwatched", readings,
                       100 * (1 - integral.coverage), seconds.value);
  const Watts lasting = lasting_error(data);
  return fmt::format(
      "uncertain by {:.3g} J of {:.3g} J: not resolvable with this sensor: {}", integral.uncertainty.value,
      integral.energy.value,
      run_for(seconds_needed(data, integral.energy, integral.uncertainty, seconds, lasting), lasting));
}

// Of a net energy below its uncertainty.
std::string why_net_is_not_resolvable(const EnergyRow& row, const ChannelData& data) {
  const std::string text = fmt::format(
      "net energy is smaller than its uncertainty of {:.3g} J: not resolvable "
      "with this sensor: ",
      row.net_uncertainty->value);
  const Watts lasting = half_step(data) * kTwoRoundings;
  const auto needed = seconds_needed(data, *row.net, *row.uncertainty, row.seconds, lasting);
  const Joules idle = *data.idle.uncertainty() * row.seconds;
  if (needed && 2 * idle.value > std::abs(row.net->value)) return text + "watch idle for longer (--idle)";
  return text + run_for(needed, lasting);
}

// Of a sensor that spreads the edges of an execution over so long that they are not told from the rest.
std::optional<std::string> why_spread(const ChannelData& data, const Integral& integral, Seconds begin,
                                      Seconds end) {
  const auto idle = data.idle.at(begin + (end - begin) / 2);
  if (data.kind != ChannelKind::instantaneous || data.curve.smear.value <= 0 || !idle) return std::nullopt;
  const Joules net = integral.energy - *idle * (end - begin);
  const double most = std::max(kMostOfNet * std::abs(net.value), kLittle * integral.energy.value);
  if (integral.edges.value <= most) return std::nullopt;
  const double needed = (end - begin).value * integral.edges.value / most;
  return fmt::format(
      "the sensor spreads what happens over {:.3g} s: an execution of {:.3g} s is not resolvable with it: "
      "run "
      "at least {:.2g} s",
      data.curve.smear.value, (end - begin).value, needed);
}

void fill_net(EnergyRow& row, const ChannelData& data, Joules ends, Seconds middle) {
  row.idle = data.idle.at(middle);
  if (!row.idle) {
    row.reason = "no idle level: net energy is unknown";
    return;
  }
  row.net = *row.gross - *row.idle * row.seconds;
  if (std::abs(row.net->value) < kRounding * row.gross->value) row.net = Joules{0};
  const double single = std::sqrt(
      std::max(0.0, row.uncertainty->value * row.uncertainty->value - row.lasting.value * row.lasting.value));
  const double seconds = row.seconds.value;
  row.net_lasting = Joules{std::hypot(kTwoRoundings * half_step(data).value * seconds,
                                      data.idle.uncertainty()->value * seconds, ends.value)};
  row.net_uncertainty = Joules{std::hypot(single, row.net_lasting.value)};
  if (std::abs(row.net->value) < row.net_uncertainty->value)
    row.reason = why_net_is_not_resolvable(row, data);
}

void fill(EnergyRow& row, const Integral& integral, const ChannelData& data, const Execution& execution,
          Seconds middle) {
  row.status = EnergyStatus::measured;
  row.gross = integral.energy;
  row.uncertainty = integral.uncertainty;
  row.lasting = integral.lasting;
  row.mean = integral.energy / row.seconds;
  if (data.kind == ChannelKind::instantaneous) row.peak = integral.peak;
  fill_net(row, data, integral.ends, middle);
  if (!execution.items || *execution.items <= 0) return;
  row.gross_per_item = *row.gross / *execution.items;
  if (row.net) row.net_per_item = *row.net / *execution.items;
}

EnergyRow row_of(const ChannelData& data, const Execution& execution, Nanoseconds start,
                 const Roughness& roughness, const std::optional<Seconds>& stopped) {
  const Seconds begin = to_seconds(execution.begin - start);
  const Seconds end = to_seconds(execution.end - start);
  EnergyRow row;
  row.test = execution.test;
  row.pass = execution.pass;
  row.variant = execution.variant;
  row.source = data.source;
  row.channel = data.name;
  row.seconds = end - begin;
  const Integrated integral = data.kind == ChannelKind::instantaneous
                                  ? integrate(data.curve, begin, end, roughness)
                                  : difference(data.curve, begin, end);
  if (!integral) {
    row.reason = integral.error();
    return row;
  }
  row.coverage = integral->coverage;
  if (stopped && end > *stopped + data.curve.period * kStoppedPeriods) {
    row.reason =
        fmt::format("the sensor shows one value since {:.4g} s and no longer follows the tests: it stopped",
                    stopped->value);
    return row;
  }
  if (integral->inside < enough_readings(data) || integral->uncertainty >= integral->energy) {
    row.status = EnergyStatus::not_resolvable;
    row.reason = why_not_resolvable(data, *integral, row.seconds);
    return row;
  }
  if (const auto spread = why_spread(data, *integral, begin, end)) {
    row.status = EnergyStatus::not_resolvable;
    row.reason = *spread;
    return row;
  }
  fill(row, *integral, data, execution, begin + (end - begin) / 2);
  return row;
}

// By variant, of all of its tests; of a curve of joules none.
std::vector<Roughness> roughnesses(const Recording& recording, const Curve& curve, bool watts) {
  std::vector<Roughness> all(std::max<std::size_t>(recording.experiment.variants.size(), 1));
  if (!watts) return all;
  for (const Execution* one : counted_executions(recording)) {
    const Roughness own = roughness_within(curve, to_seconds(one->begin - recording.start),
                                           to_seconds(one->end - recording.start));
    Roughness& sum = all[static_cast<std::size_t>(one->variant)];
    sum.count += own.count;
    sum.squares += own.squares;
  }
  return all;
}

}  // namespace

std::vector<EnergyRow> energy_rows(const Recording& recording, const EnergyInput& input) {
  std::vector<EnergyRow> rows;
  const ChannelData data = channel_data(recording, input);
  const bool watts = data.kind == ChannelKind::instantaneous;
  const std::vector<Roughness> rough = roughnesses(recording, data.curve, watts);
  const auto stopped = watts ? stopped_since(recording, data.curve) : std::nullopt;
  rows.reserve(recording.executions.size());
  for (const Execution& execution : recording.executions)
    if (execution.of_test())
      rows.push_back(row_of(data, execution, recording.start,
                            rough[static_cast<std::size_t>(execution.variant)], stopped));
  return rows;
}

}  // namespace pw
