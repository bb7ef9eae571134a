// SPDX-License-Identifier: GPL-3.0-or-later
// Powers that a service averaged over one period after the other, by a clock of its own, and tells later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "model/power.h"

namespace pw {

struct PowerBin {
  Nanoseconds begin, end;                  // CLOCK_MONOTONIC
  std::optional<Watts> mean;               // nothing: the service knows none
  float least = 0, most = 0;               // W; 0: not told
  Nanoseconds doubt = {};                  // how long the time is within which `end` lies, around it
  std::optional<std::int64_t> stamp = {};  // of the end, as the service told it: PowerSample::sensor_time
};

// A channel of what BinCounter makes of bins of `length`: no reading is older than its time says, for that is
// the bin's own. Channel::averages says so (docs/method.md, "Bins").
Channel bin_channel(std::string name, std::string scope, Nanoseconds length);

// The joules of an accumulating channel out of bins: a reading at the end of each, one at the begin of the
// first, and one, a reset, at the begin of a bin before which some are missing.
class BinCounter {
 public:
  // The next, in the order of time; one that was taken already is left out. Appends the readings, whose
  // channel is left 0.
  void take(const PowerBin& bin, std::vector<PowerSample>& out);

  // The end of the latest; nothing: none was taken.
  std::optional<Nanoseconds> last() const { return last_; }

 private:
  bool follows(const PowerBin& bin) const;
  PowerSample reading(Nanoseconds time, const PowerBin& bin) const;
  void begin_at(const PowerBin& bin, std::vector<PowerSample>& out);

  std::optional<Nanoseconds> last_;
  bool known_ = false;  // what was drawn until last_
  Joules joules_;
};

}  // namespace pw
