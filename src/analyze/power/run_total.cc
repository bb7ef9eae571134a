// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/run_total.h"

#include <cmath>

#include "analyze/power/integral.h"

namespace pw {

std::optional<RunTotal> run_total(const Recording& recording, const Curve& watts, const IdleLevels& idle) {
  if (recording.executions.empty() || watts.points.empty() || !idle.at({})) return std::nullopt;
  RunTotal total;
  total.surer = watts.smear > watts.period;
  for (const Execution& one : recording.executions) total.seconds += to_seconds(one.end - one.begin);
  // Of an edge that is spread nothing is left out: integrate() moves both ends by the lag.
  const Seconds begin = to_seconds(recording.executions.front().begin - recording.start) - watts.lag;
  const Seconds end =
      to_seconds(recording.executions.back().end - recording.start) + watts.delay + watts.smear / 2;
  if (watts.points.back().time < end + watts.lag || !idle.after) return std::nullopt;
  const Integrated all = integrate(watts, begin, end);
  if (!all || all->inside == 0) return std::nullopt;
  const Seconds length = end - begin;
  const Watts level = *idle.at(begin + length / 2);
  total.net = all->energy - level * length;
  total.gross = total.net + level * total.seconds;
  // Both ends lie in idle time: what the sensor spreads is inside.
  total.uncertainty = {std::hypot(all->sampling.value, (*idle.uncertainty() * length).value,
                                  kTwoRoundings * most_off(watts) * length.value)};
  return total;
}

}  // namespace pw
