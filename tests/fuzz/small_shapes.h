// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "inference/graph/shapes.h"

namespace pw::inference {

// Far from the largest that is allowed: a batch of them is allowed, too, and they are planned quickly.
inline bool are_small(const Shapes& shapes) {
  constexpr std::int64_t kMost = 1 << 18;
  return std::all_of(shapes.begin(), shapes.end(),
                     [](const auto& shape) { return tensor_size(shape.second) <= kMost; });
}

}  // namespace pw::inference
