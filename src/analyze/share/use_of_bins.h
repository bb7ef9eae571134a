// SPDX-License-Identifier: GPL-3.0-or-later
// A console's bins of time, cut where the command began and ended.
#pragma once

#include <vector>

#include "analyze/share/price_fit.h"
#include "model/recording.h"

namespace pw {

struct UsedBin {
  UseOfServer use;
  Nanoseconds begin, end;
  double busy = 0;     // s of it in which the command ran, warm-ups too
  double running = 0;  // units that we used then

  double seconds() const { return to_seconds(end - begin).value; }
};

struct UsedBins {
  std::vector<UsedBin> bins;  // of the source, those that tell watts, ours and all partitions' units
  double resting = 0;         // units that we use while the command does not run
  double spread = 0;          // standard deviation of `running`, from bin to bin
  int busy = 0;               // bins in which it ran
};

UsedBins used_bins(const Recording& recording, std::size_t source);

// s that [begin, end) and the bin have in common.
double common_seconds(const UsedBin& bin, Nanoseconds begin, Nanoseconds end);

}  // namespace pw
