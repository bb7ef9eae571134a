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

// The channel that stands for the machine: the first of all that its plug feeds, else the first.
std::optional<std::size_t> main_channel(const Recording& recording);
// What its quantities begin with: "dcmi/system/".
std::string channel_prefix(const Recording& recording, std::size_t channel);

}  // namespace pw
