// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "report/drawing/draw.h"
#include "report/drawing/figure.h"

namespace pw {

// Of a recording with variants, over each parameter whose values are numbers: scan-elapsed and
// scan-energy-per-item (scan-energy, where there are no items).
std::vector<Figure> scan_figures(const FigureInput& input);

// Every figure of the table in figures.inc, each with a name of its own: the study's eight counters, every
// other event, time-elapsed, power-consumption (for each channel beyond the first power-consumption-2, ...),
// energy-per-test, and NAME-over-time of a run with --interval. Of variants together scan_figures() and
// time-against-energy.
std::vector<Figure> all_figures(const FigureInput& input);

// Draws them.
Result<Plotted> plot(const FigureInput& input, const std::filesystem::path& folder,
                     const std::vector<std::string>& formats);

}  // namespace pw
