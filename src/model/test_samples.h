// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>
#include <vector>

#include "model/recording.h"

namespace pw::test {

// Gives `change` all samples of the recording in a vector.
template <class Change>
void change_samples(Recording& recording, const Change& change) {
  std::vector<PowerSample> all = recording.samples.unpacked();
  change(all);
  recording.samples = Samples(all);
}

// Gives `change` each.
template <class Change>
void change_each_sample(Recording& recording, const Change& change) {
  change_samples(recording, [&](std::vector<PowerSample>& all) {
    for (PowerSample& sample : all) change(sample);
  });
}

}  // namespace pw::test
