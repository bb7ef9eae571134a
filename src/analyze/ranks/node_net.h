// SPDX-License-Identifier: GPL-3.0-or-later
// What a job's node drew beyond what it draws idle, by its own idle windows (docs/method.md, "Idle").
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/recording.h"

namespace pw {

// Whether both are of one channel of one source.
bool same_sensor(const NodePower& a, const NodePower& b);

struct NodeNet {
  std::optional<Joules> energy, uncertainty;    // 95 %
  std::optional<Watts> idle, idle_uncertainty;  // of the time of the execution; 95 %
  std::string reason;                           // why there is no net energy
};

class NodeIdles {
 public:
  // `recording` must outlive this.
  explicit NodeIdles(const Recording& recording);

  // Of what a channel told on the node of `run`, its leader.
  NodeNet net(const RankRun& run, const NodePower& power) const;

 private:
  struct Levels {
    const NodeIdle *before = nullptr, *after = nullptr;
    std::string reason;  // why there is none
  };
  Levels levels_of(const std::string& node, const NodePower& power) const;

  const Recording& recording_;
  std::map<std::string, std::vector<const NodeIdle*>> by_node_;
};

}  // namespace pw
