// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/renewal.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace pw {
namespace {

constexpr std::size_t kLeastGaps = 3;
constexpr double kJitter = 0.05;  // of a sensor's own rhythm
constexpr double kByChance = 0.05;

double value_of(const PowerSample& sample) {
  return sample.watts ? sample.watts->value : sample.joules->value;
}

// Of readings that are one sample: the sensor had something new among them.
bool changed_within(const PowerSample& sample) { return sample.readings > 1 && sample.least != sample.most; }

}  // namespace

void Renewal::read(const PowerSample& sample) {
  if (!usable(sample)) {
    value_.reset();
    last_.reset();
    before_.reset();
    changed_.reset();
    return;
  }
  const double value = value_of(sample);
  const bool within = changed_within(sample);
  if (last_ && (within || (value_ && value != *value_))) changed(sample.time, sample.time - *last_);
  value_ = within ? std::nullopt : std::optional(value);
  before_ = last_;
  last_ = sample.time;
}

void Renewal::changed(Nanoseconds time, Nanoseconds spacing) {
  if (edge_ && (!before_ || *edge_ > *before_)) {
    changed_.reset();
    return;
  }
  if (changed_) {
    gaps_[count_++ % kMost] = {static_cast<double>((time - *changed_).value),
                               static_cast<double>(spacing.value)};
    if (count_ < kMost || count_ % kMost == 0) found_ = rhythm();
  }
  changed_ = time;
}

std::optional<Nanoseconds> Renewal::rhythm() const {
  const std::size_t count = gaps().size();
  if (count < kLeastGaps) return std::nullopt;
  std::vector<double> lengths;
  double sum = 0, spacing = 0;
  for (const Gap& gap : gaps()) {
    lengths.push_back(gap.length);
    sum += gap.length;
    spacing += gap.spacing / static_cast<double>(count);
  }
  const std::size_t others = count / 10;
  std::ranges::nth_element(lengths, lengths.begin() + static_cast<std::ptrdiff_t>(others));
  double interval = lengths[others];
  for (int again = 0; again < 2; ++again) {
    double intervals = 0;
    for (const double length : lengths) intervals += std::max(1.0, std::round(length / interval));
    interval = sum / intervals;
  }
  const double doubt = spacing + kJitter * interval;
  const auto fits = std::ranges::count_if(lengths, [&](double length) {
    return std::abs(std::remainder(length, interval)) <= doubt && length > interval / 2;
  });
  const auto single = std::ranges::count_if(lengths, [&](double length) { return length < 1.5 * interval; });
  const double chance = std::pow(2 * doubt / interval, static_cast<double>(count - 1));
  if (fits + static_cast<long>(others) < std::ssize(lengths) || 2 * single < std::ssize(lengths) ||
      chance > kByChance)
    return std::nullopt;
  return Nanoseconds{static_cast<std::int64_t>(interval)};
}

}  // namespace pw
