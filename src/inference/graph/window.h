// SPDX-License-Identifier: GPL-3.0-or-later
// A window that slides over height and width: convolutions and pools.
#pragma once

#include <array>
#include <cstdint>

#include "base/result.h"
#include "inference/graph/graph.h"

namespace pw::inference {

// Index 0 is height, 1 is width.
struct Window {
  std::array<std::int64_t, 2> kernel{1, 1}, stride{1, 1}, dilation{1, 1};
  std::array<std::int64_t, 2> pad_begin{0, 0}, pad_end{0, 0};
  std::array<std::int64_t, 2> output{1, 1};  // positions of the window
};

// Reads strides, dilations, pads, auto_pad and ceil_mode of `node` for a kernel and an input of these sizes.
// Errors (Failure::input) name the node.
Result<Window> read_window(const Node& node, std::array<std::int64_t, 2> kernel,
                           std::array<std::int64_t, 2> input);

}  // namespace pw::inference
