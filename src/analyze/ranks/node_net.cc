// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/ranks/node_net.h"

#include <algorithm>
#include <cmath>

#include "analyze/statistics/parts.h"

namespace pw {
namespace {

bool has_level(const NodeIdle& idle) {
  return idle.power.mean && idle.power.uncertainty && idle.lasted && idle.lasted->value > 0;
}

double uncertainty_of(const NodeIdle& idle) { return idle.power.uncertainty->value / idle.lasted->value; }

// Nothing where no begin was recorded.
std::optional<double> middle_of(const std::optional<double>& begin, const std::optional<Seconds>& lasted) {
  if (!begin || *begin <= 0) return std::nullopt;
  return *begin + lasted.value_or(Seconds{}).value / 2;
}

// How far from the one to the other, by their node's own clock; in the middle where no clock tells.
double share_of_way(const NodeIdle& before, const NodeIdle& after, const RankRun& run) {
  const auto from = middle_of(before.begin_unix_s, before.lasted);
  const auto to = middle_of(after.begin_unix_s, after.lasted);
  const auto at = middle_of(run.begin_unix_s, run.elapsed);
  return from && to && at && *to > *from ? std::clamp((*at - *from) / (*to - *from), 0.0, 1.0) : 0.5;
}

void add_idle(NodeNet& net, const NodeIdle* before, const NodeIdle* after, const RankRun& run) {
  if (!before || !after) {
    const NodeIdle& one = before ? *before : *after;
    net.idle = one.power.mean;
    net.idle_uncertainty = Watts{uncertainty_of(one)};
    return;
  }
  const double change = (*after->power.mean - *before->power.mean).value;
  net.idle = Watts{before->power.mean->value + share_of_way(*before, *after, run) * change};
  const double drift = kUniform95 * change / 2;
  net.idle_uncertainty = Watts{std::hypot(std::max(uncertainty_of(*before), uncertainty_of(*after)), drift)};
}

}  // namespace

bool same_sensor(const NodePower& a, const NodePower& b) {
  return a.source == b.source && a.channel == b.channel && a.scope == b.scope;
}

NodeIdles::NodeIdles(const Recording& recording) : recording_(recording) {
  for (const NodeIdle& idle : recording.node_idles)
    by_node_[recording.rank_places[static_cast<std::size_t>(idle.place)].node].push_back(&idle);
}

NodeIdles::Levels NodeIdles::levels_of(const std::string& node, const NodePower& power) const {
  Levels levels;
  const auto idles = by_node_.find(node);
  if (recording_.experiment.idle.value <= 0) levels.reason = "there was no idle window (--idle 0)";
  if (idles == by_node_.end()) {
    if (levels.reason.empty()) levels.reason = "its idle power was not watched";
    return levels;
  }
  for (const NodeIdle* const idle : idles->second) {
    const bool same = same_sensor(idle->power, power);
    if (same && has_level(*idle)) (idle->before ? levels.before : levels.after) = idle;
    if (!idle->power.reason.empty() && (same || levels.reason.empty())) levels.reason = idle->power.reason;
  }
  if (levels.reason.empty()) levels.reason = "this sensor was not read in an idle window";
  return levels;
}

NodeNet NodeIdles::net(const RankRun& run, const NodePower& power) const {
  NodeNet net;
  if (run.place < 0 || !power.energy || !run.elapsed) {
    net.reason = power.reason.empty() ? "no energy" : power.reason;
    return net;
  }
  const std::string& node = recording_.rank_places[static_cast<std::size_t>(run.place)].node;
  const Levels levels = levels_of(node, power);
  if (!levels.before && !levels.after) {
    net.reason = levels.reason;
    return net;
  }
  add_idle(net, levels.before, levels.after, run);
  net.energy = Joules{power.energy->value - net.idle->value * run.elapsed->value};
  // Load and idle are read by the same sensor, whose step is in both: such errors add up.
  if (power.uncertainty)
    net.uncertainty = Joules{power.uncertainty->value + net.idle_uncertainty->value * run.elapsed->value};
  return net;
}

}  // namespace pw
