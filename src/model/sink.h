// SPDX-License-Identifier: GPL-3.0-or-later
// Where the recorder puts what it measured. One thread calls it. When a call returns, what it was given is
// safe against the death of this process.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "model/recording.h"

namespace pw {

class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<> begin(const RecordingHeader& header) = 0;
  // What Recording::regions has more, before the first execution that refers to it.
  virtual Result<> regions(std::span<const Region> more) = 0;
  // What Recording::rank_places has more, before what refers to it.
  virtual Result<> rank_places(std::span<const RankPlace> more) = 0;
  virtual Result<> node_idles(std::span<const NodeIdle> more) = 0;
  virtual Result<> execution(const Execution& execution) = 0;
  virtual Result<> samples(std::span<const PowerSample> samples) = 0;
  virtual Result<> server_bins(std::span<const ServerBin> bins) = 0;
  virtual Result<> window(const Window& window) = 0;
  virtual Result<> interlude(const Interlude& interlude) = 0;
  virtual Result<> note(const Note& note) = 0;
  // `sources` again, with their counts filled in.
  virtual Result<> end(Ending ending, Nanoseconds at, std::span<const PowerSource> sources) = 0;
  // What has become of the place that it writes to, once each time that it changes: for the user.
  virtual std::optional<std::string> trouble() { return std::nullopt; }
};

}  // namespace pw
