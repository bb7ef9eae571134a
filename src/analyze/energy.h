// SPDX-License-Identifier: GPL-3.0-or-later
// Energy of executions out of power samples. Formulas and their reasons: docs/method.md.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "model/energy.h"
#include "model/recording.h"

namespace pw {

struct PowerPoint {
  Seconds time;
  Watts power;
  Seconds read;  // duration of the reading
};

struct Integral {
  Joules energy;
  Joules uncertainty;  // 95 %
  Watts peak;
  double coverage = 0;
  int inside = 0;  // samples within [begin, end]
};

// `points` in the order of time. Nothing where no point is inside nor within 3 periods of [begin, end].
std::optional<Integral> integrate(std::span<const PowerPoint> points, Seconds begin, Seconds end,
                                  Seconds period, double step);

struct IdleLevels {
  std::optional<Watts> before, after;
  Seconds before_at, after_at;                  // the middles of the windows
  std::optional<double> drift() const;          // (after - before) / before
  std::optional<Watts> at(Seconds time) const;  // interpolated
};
IdleLevels idle_levels(const Recording& recording, int channel);

// The usable instantaneous samples of a channel.
std::vector<PowerPoint> power_points(const Recording& recording, int channel);

// One row per execution of a test and channel.
std::vector<EnergyRow> energy_rows(const Recording& recording);

}  // namespace pw
