// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/power.h"
#include "model/server.h"

namespace pw {

// An open sensor. Used by one thread at a time.
class PowerReader {
 public:
  virtual ~PowerReader() = default;
  virtual PowerSource describe() const = 0;
  // PowerSample::channel of a reading counts from 0 within these; Channel::source is left 0.
  virtual std::vector<Channel> channels() const = 0;
  // One sample per channel, stamped with the middle of the read, into `samples`, which is empty. A reading
  // that fails is a sample without value, its status says why; a lost session is opened again by this or a
  // later call. None: the meter has told nothing since, which is no failure.
  virtual void read_into(std::vector<PowerSample>& samples) = 0;
  std::vector<PowerSample> read() {
    std::vector<PowerSample> samples;
    read_into(samples);
    return samples;
  }
  // A reading is some system calls on this machine: it may be read ten times a period, and when an execution
  // begins and ends.
  virtual bool cheap() const { return false; }
  // Of a cheap one: the channels of that kind alone. A reader of both kinds says how.
  virtual void read_kind_into(ChannelKind, std::vector<PowerSample>& samples) { read_into(samples); }
  // Values come when the meter tells them, not when it is asked.
  virtual bool tells_by_itself() const { return false; }
  // Another reading waits: it is taken at once.
  virtual bool more() const { return false; }
  // The rhythm in which the meter tells values, where only that decides when there is one.
  virtual std::optional<Nanoseconds> renews() const { return std::nullopt; }
  // It answers over a network: what fails is asked again less and less often (Backoff).
  virtual bool over_network() const { return false; }
  // It does not take the password: it is not asked again, for that would lock the account.
  virtual bool refused() const { return false; }
  // Sessions opened again so far.
  virtual std::int64_t reconnects() const { return 0; }
  // What a management console has told of the server since the last call, in the order of time;
  // ServerBin::source is left 0. `all`: also those of which a part is still to come, for it is not read
  // again.
  virtual std::vector<ServerBin> take_bins([[maybe_unused]] bool all) { return {}; }
  // Parts of the source that are not read: which, why, and what helps. One line each.
  virtual std::vector<std::string> left_out() const { return {}; }
  // What happened since the last call and has to be known: resets, throttling, a file gone. One line each.
  virtual std::vector<std::string> take_warnings() { return {}; }
};

}  // namespace pw
