// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/doubts.h"

#include <fmt/format.h>

#include <string_view>

namespace pw {
namespace {

void add_level(std::vector<std::string>& doubts, const std::optional<IdleLevel>& level,
               std::string_view when) {
  if (!level) return;
  if (const auto longer = level->longer())
    doubts.push_back(
        fmt::format("{} the tests the power still fell towards its idle level: watch it for {:.2g} s "
                    "(--idle)",
                    when, longer->value));
  else if (level->correlated)
    doubts.push_back(
        fmt::format("{} the tests the idle power wandered as slowly as it was watched: watch it for "
                    "longer than {:.2g} s (--idle)",
                    when, level->watched.value));
  if (level->left_out > 0)
    doubts.push_back(
        fmt::format("{} the tests {} reading{} of up to {:.6g} W {} left out of the idle level: more "
                    "than twice what any test took",
                    when, level->left_out, level->left_out == 1 ? "" : "s", level->left_out_most.value,
                    level->left_out == 1 ? "was" : "were"));
}

}  // namespace

std::vector<std::string> doubts_of(const Curve& watts, const IdleLevels& idle) {
  std::vector<std::string> doubts;
  if (!watts.step_known && watts.step > 0)
    doubts.push_back(
        fmt::format("fewer than three values of the sensor differ: its step is unknown, and may be {:.3g} W",
                    watts.step));
  if (watts.band > 0)
    doubts.push_back(
        fmt::format("the sensor shows no change of less than {0:.3g} W: it holds its value within a dead "
                    "band, and all of "
                    "it may be off by as much",
                    watts.band));
  if (watts.smear > watts.period)
    doubts.push_back(
        fmt::format("the sensor spreads a step of the power over up to {:.3g} s: it averages, or is "
                    "renewed seldom",
                    watts.smear.value));
  add_level(doubts, idle.before, "before");
  add_level(doubts, idle.after, "after");
  return doubts;
}

}  // namespace pw
