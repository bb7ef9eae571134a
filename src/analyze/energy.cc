// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pw {
namespace {

constexpr double kGapPeriods = 3;

Seconds at_time(const Recording& recording, Nanoseconds time) { return to_seconds(time - recording.start); }

double power_at(std::span<const PowerPoint> points, Seconds time) {
  const auto after = std::lower_bound(points.begin(), points.end(), time,
                                      [](const PowerPoint& point, Seconds t) { return point.time < t; });
  if (after == points.begin()) return points.front().power.value;
  if (after == points.end()) return points.back().power.value;
  const PowerPoint& left = *(after - 1);
  const double length = (after->time - left.time).value;
  const double share = length > 0 ? (time - left.time).value / length : 0;
  return left.power.value + share * (after->power.value - left.power.value);
}

// The part of [begin, end] between neighbouring points.
struct Piece {
  double length;     // inside the interval, s
  double whole;      // between the two points, s; infinite before the first and after the last
  double variation;  // between its two points, W
};

std::vector<Piece> pieces_of(std::span<const PowerPoint> points, Seconds begin, Seconds end) {
  std::vector<Piece> pieces;
  const auto add = [&](Seconds from, Seconds to, double variation, double whole) {
    const double length = (std::min(to, end) - std::max(from, begin)).value;
    if (length > 0) pieces.push_back({length, whole, variation});
  };
  add(begin, points.front().time, 0, INFINITY);
  for (std::size_t i = 1; i < points.size(); ++i)
    add(points[i - 1].time, points[i].time, std::abs((points[i].power - points[i - 1].power).value),
        (points[i].time - points[i - 1].time).value);
  add(points.back().time, end, 0, INFINITY);
  return pieces;
}

double trapezoids(std::span<const PowerPoint> points, Seconds begin, Seconds end) {
  double energy = 0;
  Seconds left = begin;
  double left_power = power_at(points, begin);
  const auto advance = [&](Seconds time, double power) {
    energy += (power + left_power) / 2 * (time - left).value;
    left = time;
    left_power = power;
  };
  for (const PowerPoint& point : points)
    if (point.time > begin && point.time < end) advance(point.time, point.power.value);
  advance(end, power_at(points, end));
  return energy;
}

// The sampling part and the gaps; also the coverage.
void add_sampling(std::span<const PowerPoint> points, Seconds begin, Seconds end, Seconds period,
                  double& squares, double& gaps, double& covered) {
  const auto [least, most] =
      std::minmax_element(points.begin(), points.end(), [](auto& a, auto& b) { return a.power < b.power; });
  const double range = (most->power - least->power).value;
  const std::vector<Piece> pieces = pieces_of(points, begin, end);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].whole > kGapPeriods * period.value) {
      gaps += range * pieces[i].length / 2;
      continue;
    }
    covered += pieces[i].length;
    double variation = pieces[i].variation;
    if (i > 0) variation = std::max(variation, pieces[i - 1].variation);
    if (i + 1 < pieces.size()) variation = std::max(variation, pieces[i + 1].variation);
    const double bound = variation * pieces[i].length / 2;
    squares += 1.96 * 1.96 * bound * bound / 3;
  }
}

double square(double x) { return x * x; }

}  // namespace

std::optional<Integral> integrate(std::span<const PowerPoint> points, Seconds begin, Seconds end,
                                  Seconds period, double step) {
  const Seconds near = period * kGapPeriods;
  const bool any = std::any_of(points.begin(), points.end(), [&](const PowerPoint& point) {
    return point.time >= begin - near && point.time <= end + near;
  });
  if (!any || end <= begin) return std::nullopt;
  Integral result;
  result.energy = {trapezoids(points, begin, end)};
  result.peak = {std::max(power_at(points, begin), power_at(points, end))};
  double read = 0;
  for (const PowerPoint& point : points) {
    if (point.time < begin || point.time > end) continue;
    ++result.inside;
    result.peak = std::max(result.peak, point.power);
    read = std::max(read, point.read.value);
  }
  const double length = (end - begin).value;
  const double shift = power_at(points, end) - power_at(points, begin);
  double squares = square(0.475 * step * length) + square(0.95 * shift * (period.value + read) / 2);
  double gaps = 0, covered = 0;
  add_sampling(points, begin, end, period, squares, gaps, covered);
  result.uncertainty = {std::sqrt(squares) + gaps};
  result.coverage = std::min(1.0, covered / length);
  return result;
}

std::optional<double> IdleLevels::drift() const {
  if (!before || !after || before->value <= 0) return std::nullopt;
  return (*after - *before).value / before->value;
}

std::optional<Watts> IdleLevels::at(Seconds time) const {
  if (!before || !after) return before ? before : after;
  const double share = (time - before_at).value / (after_at - before_at).value;
  return *before + (*after - *before) * share;
}

std::vector<PowerPoint> power_points(const Recording& recording, int channel) {
  std::vector<PowerPoint> points;
  for (const PowerSample& sample : recording.samples)
    if (sample.channel == channel && sample.watts)
      points.push_back({at_time(recording, sample.time), *sample.watts, to_seconds(sample.read)});
  return points;
}

IdleLevels idle_levels(const Recording& recording, int channel) {
  const std::vector<PowerPoint> points = power_points(recording, channel);
  IdleLevels levels;
  for (const Window& window : recording.windows) {
    const Seconds end = at_time(recording, window.end);
    Seconds begin = at_time(recording, window.begin);
    if (!window.before) begin += (end - begin) / 3;
    double total = 0;
    int count = 0;
    for (const PowerPoint& point : points) {
      if (point.time < begin || point.time > end) continue;
      total += point.power.value;
      ++count;
    }
    if (count == 0) continue;
    (window.before ? levels.before : levels.after) = Watts{total / count};
    (window.before ? levels.before_at : levels.after_at) = begin + (end - begin) / 2;
  }
  return levels;
}

namespace {

// Cumulative joules as points, so that both kinds interpolate alike.
std::vector<PowerPoint> joule_points(const Recording& recording, int channel) {
  std::vector<PowerPoint> points;
  for (const PowerSample& sample : recording.samples)
    if (sample.channel == channel && sample.joules)
      points.push_back({at_time(recording, sample.time), {sample.joules->value}, to_seconds(sample.read)});
  return points;
}

std::optional<Integral> difference(std::span<const PowerPoint> joules, Seconds begin, Seconds end,
                                   Seconds period, double step) {
  if (joules.size() < 2 || joules.front().time > begin || joules.back().time < end) return std::nullopt;
  Integral result;
  result.energy = {power_at(joules, end) - power_at(joules, begin)};
  const double mean = result.energy.value / (end - begin).value;
  result.uncertainty = {std::sqrt(square(step) + 2 * square(mean * period.value))};
  result.coverage = 1;
  for (const PowerPoint& point : joules) result.inside += point.time >= begin && point.time <= end;
  return result;
}

struct ChannelData {
  const Channel* channel = nullptr;
  const PowerSource* source = nullptr;
  std::vector<PowerPoint> points;
  IdleLevels idle;
};

void fill(EnergyRow& row, const Integral& integral, const ChannelData& data, const Execution& execution,
          Seconds middle) {
  row.status = EnergyStatus::measured;
  row.gross = integral.energy;
  row.uncertainty = integral.uncertainty;
  row.mean = integral.energy / row.seconds;
  if (data.channel->kind == ChannelKind::instantaneous) row.peak = integral.peak;
  row.idle = data.idle.at(middle);
  if (!row.idle)
    row.reason = "no idle window: net energy is unknown";
  else
    row.net = *row.gross - *row.idle * row.seconds;
  if (row.net && std::abs(row.net->value) < integral.uncertainty.value)
    row.reason = "the net energy is smaller than its uncertainty";
  if (!execution.items) return;
  row.gross_per_item = *row.gross / *execution.items;
  if (row.net) row.net_per_item = *row.net / *execution.items;
}

EnergyRow row_of(const Recording& recording, const ChannelData& data, const Execution& execution) {
  const Seconds begin = at_time(recording, execution.begin);
  const Seconds end = at_time(recording, execution.end);
  const Seconds period{1 / data.source->rate_hz};
  EnergyRow row;
  row.test = execution.test;
  row.pass = execution.pass;
  row.source = shown_name(*data.source);
  row.channel = data.channel->name;
  row.seconds = end - begin;
  const auto integral = data.channel->kind == ChannelKind::instantaneous
                            ? integrate(data.points, begin, end, period, data.channel->step)
                            : difference(data.points, begin, end, period, data.channel->step);
  if (!integral) {
    row.reason = "no reading near this execution";
    return row;
  }
  row.coverage = integral->coverage;
  if (integral->inside < 2 || integral->uncertainty.value >= integral->energy.value) {
    row.status = EnergyStatus::not_resolvable;
    row.reason =
        fmt::format("{} reading{} in {:.3g} s: run at least {:.3g} s, or raise --rate", integral->inside,
                    integral->inside == 1 ? "" : "s", row.seconds.value, 10 * period.value);
    return row;
  }
  fill(row, *integral, data, execution, begin + (end - begin) / 2);
  return row;
}

}  // namespace

std::vector<EnergyRow> energy_rows(const Recording& recording) {
  std::vector<EnergyRow> rows;
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    const int index = static_cast<int>(i);
    const Channel& channel = recording.channels[i];
    ChannelData data{&channel, &recording.sources[static_cast<std::size_t>(channel.source)],
                     channel.kind == ChannelKind::instantaneous ? power_points(recording, index)
                                                                : joule_points(recording, index),
                     idle_levels(recording, index)};
    for (const Execution& execution : recording.executions)
      if (!execution.warmup()) rows.push_back(row_of(recording, data, execution));
  }
  return rows;
}

}  // namespace pw
