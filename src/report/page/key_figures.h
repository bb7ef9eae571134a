// SPDX-License-Identifier: GPL-3.0-or-later
// The five figures that matter.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analyze/analysis.h"
#include "model/recording.h"

namespace pw {

struct KeyFigure {
  std::string label;     // in words
  std::string quantity;  // of its row in Analysis::summary
  std::string reason;    // why there is no such row; else ""
};

std::vector<KeyFigure> key_figures(const Recording& recording, const Analysis& analysis);

}  // namespace pw
