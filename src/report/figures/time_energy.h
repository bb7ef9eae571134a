// SPDX-License-Identifier: GPL-3.0-or-later
// What costs how much time and how much energy: recordings, or variants of one, against each other.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "report/drawing/figure.h"
#include "report/figures/time_energy_points.h"

namespace pw {

// Of a recording: the energy of its first channel of the whole machine, else of its first. `per_item`: the
// recording has items.
TimeEnergy time_energy_of(const FigureInput& input, std::string label, bool per_item);

// A point for a recording, or for each of its variants, named after it and them.
void add_points(std::vector<TimeEnergy>& points, const FigureInput& input, const std::string& name,
                bool per_item);
bool has_items(const Recording& recording, const Analysis& analysis);  // each of its variants

Figure variants_against_energy(const FigureInput& input);

// Whether no other point is better in one and as good in the other.
std::vector<bool> pareto_front(std::span<const TimeEnergy> points);

// A point each, those that no other beats joined: time-against-energy.
Figure time_energy_figure(std::span<const TimeEnergy> points, bool per_item);

}  // namespace pw
