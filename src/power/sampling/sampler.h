// SPDX-License-Identifier: GPL-3.0-or-later
// A thread per source that reads at absolute deadlines.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "model/recording.h"
#include "os/clock.h"
#include "power/reader/power_reader.h"

namespace pw {

struct SamplerWorker;

class Sampler {
 public:
  // Starts one thread per reader, with every signal blocked. Channels are numbered over all readers in order.
  // A source is read as often as it says (power/sampling/pace.h); less often where its energy counters are
  // found to be renewed less than half as often. `suspended`: how long the machine has been suspended so far.
  // `seed`: of the moments at which power is read; nothing: by chance.
  explicit Sampler(std::vector<std::unique_ptr<PowerReader>> readers,
                   Nanoseconds (*suspended)() = time_suspended, std::optional<std::uint32_t> seed = {});
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;
  ~Sampler();

  // As a recording has them, before anything is counted.
  const std::vector<PowerSource>& sources() const { return sources_; }
  const std::vector<Channel>& channels() const { return channels_; }

  // Appends what was read since the last call, in the order of time within a channel. Also after stop().
  void drain(std::vector<PowerSample>& samples);

  // What was told of the server since the last call, in the order of time within a source. Also after stop().
  std::vector<ServerBin> take_bins();

  // Warnings since the last call: readings lost, and back. Also after stop().
  std::vector<Note> take_notes();

  // An execution begins or ends now: energy counters that are cheap to read are read once more, by their own
  // threads. Waits for nothing.
  void mark();

  // The latest watts of the first channel that has any; nothing while its readings fail.
  std::optional<Watts> latest() const;

  // Ends the threads and gives the sources with their counts. A thread whose reading hangs is left behind
  // after 200 ms: what it still reads is lost.
  std::vector<PowerSource> stop();

 private:
  std::vector<PowerSource> sources_;
  std::vector<Channel> channels_;
  std::vector<std::shared_ptr<SamplerWorker>> workers_;
};

}  // namespace pw
