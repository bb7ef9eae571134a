// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "report/figures/figure.h"

namespace pw {

// Of a recording with variants, over each parameter whose values are numbers: scan-elapsed and
// scan-energy-per-item (scan-energy, where there are no items).
std::vector<Figure> scan_figures(const FigureInput& input);

// Every figure of the table in figures.inc, each with a name of its own; of variants together scan_figures().
std::vector<Figure> all_figures(const FigureInput& input);

// Draws every figure into `folder`, which is made: the study's eight counters, every other event,
// time-elapsed and power-consumption (for each channel beyond the first power-consumption-2, ...). Beside
// NAME.svg (or png, pdf) stand NAME.gp and NAME.csv. They replace an older plot. The paths of the pictures.
// Errors: no gnuplot (not_possible), a folder that cannot be written, gnuplot's own.
Result<std::vector<std::filesystem::path>> plot(const FigureInput& input, const std::filesystem::path& folder,
                                                const std::vector<std::string>& formats);

}  // namespace pw
