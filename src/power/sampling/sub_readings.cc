// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/sub_readings.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace pw {

// Mean and squares by Welford (Technometrics 4, 1962).
void SubReadings::add(const PowerSample& reading) {
  if (!reading.watts) {
    failed_ = reading;
    return;
  }
  const double value = reading.watts->value, off = value - mean_;
  mean_ += off / ++count_;
  squares_ += off * (value - mean_);
  least_ = count_ == 1 ? value : std::min(least_, value);
  most_ = count_ == 1 ? value : std::max(most_, value);
  read_ += reading.read;
  last_ = reading;
}

std::optional<PowerSample> SubReadings::take(Nanoseconds middle) {
  const SubReadings all = std::exchange(*this, {});
  if (!all.last_) return all.failed_;
  PowerSample sample = *all.last_;
  sample.time = middle;
  sample.read = all.read_ / all.count_;
  sample.watts = Watts{all.mean_};
  sample.readings = all.count_;
  sample.least = static_cast<float>(all.least_);
  sample.most = static_cast<float>(all.most_);
  if (all.count_ > 1) sample.deviation = static_cast<float>(std::sqrt(all.squares_ / (all.count_ - 1)));
  return sample;
}

}  // namespace pw
