// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/settling.h"

#include <cmath>

namespace pw {
namespace {

constexpr std::size_t kLeastValues = 8;
constexpr double kGain = 0.7;      // of what a constant leaves
constexpr double kStandsOut = 3;   // the fall, in deviations of what is left
constexpr double kStepGain = 0.5;  // of what a fall leaves
constexpr int kTimes = 24;         // tried, between these parts of the window
constexpr double kShortest = 0.02, kLongest = 1;

struct Fit {
  Settling settling;
  double rest = 0;  // sum of squares
};

// Least squares for one time.
Fit fit_of(std::span<const TimedWatts> values, double time) {
  const auto n = static_cast<double>(values.size());
  double x = 0, xx = 0, y = 0, xy = 0, yy = 0;
  const double offset = values.back().watts;
  for (const TimedWatts& one : values) {
    const double decay = std::exp(-(one.seconds - values.front().seconds) / time);
    const double watts = one.watts - offset;
    x += decay, xx += decay * decay, y += watts, xy += decay * watts, yy += watts * watts;
  }
  const double spread = n * xx - x * x;
  Fit fit;
  fit.settling.height = (n * xy - x * y) / spread;
  const double level = (y - fit.settling.height * x) / n;
  fit.settling.level = level + offset;
  fit.settling.time = {time};
  fit.settling.level_variance = xx / spread;
  fit.rest = std::max(0.0, yy - level * y - fit.settling.height * xy);
  return fit;
}

double squares_around_mean(std::span<const TimedWatts> values) {
  double sum = 0, squares = 0;
  for (const TimedWatts& one : values) sum += one.watts;
  const double mean = sum / static_cast<double>(values.size());
  for (const TimedWatts& one : values) squares += (one.watts - mean) * (one.watts - mean);
  return squares;
}

// Of power that falls.
std::optional<Fit> best_fit(std::span<const TimedWatts> values) {
  const double window = values.back().seconds - values.front().seconds;
  if (values.size() < kLeastValues || !(window > 0)) return std::nullopt;
  std::optional<Fit> best;
  for (int i = 0; i < kTimes; ++i) {
    const double part = kShortest * std::pow(kLongest / kShortest, i / (kTimes - 1.0));
    const Fit fit = fit_of(values, part * window);
    if (fit.settling.height > 0 && (!best || fit.rest < best->rest)) best = fit;
  }
  return best;
}

}  // namespace

std::size_t still_above(std::span<const TimedWatts> values) {
  const auto fall = best_fit(values);
  if (!fall) return 0;
  double all = 0, all_squares = 0;
  const double offset = values.back().watts;
  for (const TimedWatts& one : values)
    all += one.watts - offset, all_squares += std::pow(one.watts - offset, 2);
  std::size_t best = 0;
  double first = 0, least = kStepGain * fall->rest;
  const auto n = static_cast<double>(values.size());
  for (std::size_t i = 1; i <= values.size() / 2; ++i) {
    first += values[i - 1].watts - offset;
    const auto count = static_cast<double>(i);
    const double rest =
        std::max(0.0, all_squares - first * first / count - (all - first) * (all - first) / (n - count));
    if (first / count <= (all - first) / (n - count) || rest >= least) continue;
    least = rest;
    best = i;
  }
  return best;
}

std::optional<Settling> settling_of(std::span<const TimedWatts> values) {
  if (values.empty()) return std::nullopt;
  const auto best = best_fit(values);
  if (!best || best->rest > kGain * squares_around_mean(values)) return std::nullopt;
  const double deviation = std::sqrt(best->rest / static_cast<double>(values.size()));
  if (best->settling.height < kStandsOut * deviation) return std::nullopt;
  return best->settling;
}

}  // namespace pw
