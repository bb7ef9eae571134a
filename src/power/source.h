// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/power.h"

namespace pw {

// An open sensor. Used by one thread at a time.
class PowerReader {
 public:
  virtual ~PowerReader() = default;
  virtual PowerSource describe() const = 0;
  // PowerSample::channel of a reading counts from 0 within these; Channel::source is left 0.
  virtual std::vector<Channel> channels() const = 0;
  // One sample per channel, stamped with the middle of the read. A reading that fails is a sample without
  // value, its status says why; a lost session is opened again by this or a later call.
  virtual std::vector<PowerSample> read() = 0;
  // Sessions opened again so far.
  virtual std::int64_t reconnects() const { return 0; }
  // What happened since the last call and has to be known: resets, throttling, a file gone. One line each.
  virtual std::vector<std::string> take_warnings() { return {}; }
};

}  // namespace pw
