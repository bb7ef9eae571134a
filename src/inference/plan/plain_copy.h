// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors of floats in another order of their dimensions. oneDNN's own reorder computes the place of each
// float where it generates no code (POWER, arm64): some 380 instructions for each.
#pragma once

#include <dnnl.hpp>
#include <optional>

#include "inference/graph/graph.h"

namespace pw::inference {

struct PlainCopy {
  Dims dims, from, to;  // the strides of both, in floats

  void run(const float* x, float* y) const;
};

// Whether each number lies at the same place in both: the stride of a dimension of 1 means nothing.
bool lies_as(const dnnl::memory::desc& a, const dnnl::memory::desc& b);

// From one layout to the other; none where one of them has blocks or is not of floats.
std::optional<PlainCopy> plain_copy(const dnnl::memory::desc& from, const dnnl::memory::desc& to);

}  // namespace pw::inference
