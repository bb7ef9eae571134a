// SPDX-License-Identifier: GPL-3.0-or-later
// The power of a node while a command runs there, for the rank that leads it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "job/rank_plan.h"
#include "model/recording.h"
#include "power/sampling/sampler.h"

namespace pw {

class NodePowerWatch {
 public:
  static constexpr Nanoseconds kTakeEvery{1'000'000'000};

  // Opens what of `power` is this node's own and waits a little until its counters have told something.
  // Starts threads: the command must have been forked before.
  NodePowerWatch(const RankPower& power, const std::string& node);

  // Some sensor of this node.
  bool reads() const { return sampler_ != nullptr; }
  // The command is let go now.
  void begin(Nanoseconds now);
  // What was read since then, so that it does not pile up.
  void take();
  // Of the time from begin() to `now`, each channel, or why there is none. Waits a little for what is read
  // now.
  std::vector<NodePower> until(Nanoseconds now);
  // The same, of what was idle from begin() on.
  std::vector<NodePower> idle_until(Nanoseconds now);

 private:
  template <class Tell>
  std::vector<NodePower> told_until(Nanoseconds now, const Tell& tell);
  void open(const RankPower& power);
  void note(std::string source, std::string reason);
  bool seen_after(Nanoseconds time) const;
  void wait_until_seen(Nanoseconds time, Nanoseconds most);

  std::vector<NodePower> without_;  // what is not read, and why
  std::unique_ptr<Sampler> sampler_;
  Recording read_;  // sources, channels, samples and the one execution
  std::size_t unpacked_ = 0;
};

}  // namespace pw
