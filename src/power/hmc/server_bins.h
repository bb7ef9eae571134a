// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "model/server.h"
#include "power/hmc/clock.h"
#include "power/hmc/documents.h"
#include "power/hmc/feeds.h"

namespace pw {

// Puts together what the feeds tell of the same 30 s. A feed may be late, or have a hole.
class ServerBins {
 public:
  explicit ServerBins(bool with_partition) : with_partition_(with_partition) {}

  // In the order of time within a feed; what was taken already is left out.
  void take(HmcFeed feed, const HmcSample& sample);

  // Since the last call: those of which every feed has told, or has been silent for too long. `all`: the
  // others, too. In the order of time.
  std::vector<ServerBin> ready(const HmcClock& clock, bool all);

  // The stamp of a feed's latest sample; nothing: none came.
  std::optional<std::int64_t> latest(HmcFeed feed) const { return latest_[static_cast<std::size_t>(feed)]; }

 private:
  struct Part {
    std::int64_t stamp = 0, seconds = 0;
    ServerBin bin;
  };
  bool complete(const Part& part) const;

  bool with_partition_;
  std::map<std::int64_t, Part> parts_;  // by stamp in units of its length: stamps may jitter
  std::array<std::optional<std::int64_t>, 3> latest_;
  std::optional<std::int64_t> given_;  // the key of the latest that ready() gave
};

}  // namespace pw
