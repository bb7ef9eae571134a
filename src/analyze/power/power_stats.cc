// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/power_stats.h"

#include <algorithm>

namespace pw {

void PowerStats::add(const PowerSample& sample) {
  status_ = sample.status;
  const bool joined = before_ && usable(sample) && sample.status != SampleStatus::reset;
  const Seconds length = joined ? to_seconds(sample.time - before_->time) : Seconds{0};
  if (sample.watts) take(*sample.watts);
  if (length.value > 0) {
    const Joules spent =
        sample.watts ? (*sample.watts + *before_->watts) / 2 * length : *sample.joules - *before_->joules;
    if (!sample.watts) take(spent / length);
    energy_ += spent;
    watched_ += length;
  }
  if (!usable(sample)) {
    now_.reset();
    remember(std::nullopt);
  }
  before_ = usable(sample) ? std::optional(sample) : std::nullopt;
}

std::optional<Watts> PowerStats::mean() const {
  if (watched_.value > 0) return energy_ / watched_;
  return now_;
}

void PowerStats::take(Watts power) {
  now_ = power;
  least_ = least_ ? std::min(*least_, power) : power;
  greatest_ = greatest_ ? std::max(*greatest_, power) : power;
  remember(power);
}

void PowerStats::remember(std::optional<Watts> power) {
  if (most_ == 0) return;
  history_.push_back(power);
  if (history_.size() > most_) history_.pop_front();
}

}  // namespace pw
