// SPDX-License-Identifier: GPL-3.0-or-later
// Figures become pictures.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "report/drawing/figure.h"

namespace pw {

struct Plotted {
  std::vector<std::filesystem::path> pictures;
  std::vector<std::pair<std::string, std::string>> absent;  // figures that were not drawn, and why
};

// Draws the figures into `folder`, which is made: NAME.svg (or png, pdf), beside it NAME.gp and NAME.csv.
// They replace an older plot. Errors: no gnuplot, or nothing to draw (not_possible), a folder that cannot be
// written, gnuplot's own.
Result<Plotted> draw_figures(const std::vector<Figure>& figures, const std::filesystem::path& folder,
                             const std::vector<std::string>& formats);

}  // namespace pw
