// SPDX-License-Identifier: GPL-3.0-or-later
// What a Pad node asks for.
#pragma once

#include <cstdint>
#include <vector>

#include "inference/graph.h"

namespace pw {

struct Padding {
  std::vector<std::int64_t> amounts;  // before each dimension, then after each dimension
  float value = 0;
};

// Out of the attributes (before opset 11) or constant inputs. Errors name the node.
Result<Padding> read_pad(const Graph& graph, const Node& node);

}  // namespace pw
