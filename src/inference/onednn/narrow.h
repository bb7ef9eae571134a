// SPDX-License-Identifier: GPL-3.0-or-later
// A convolution or matrix product in bf16 or in 8 bits: what its parts are to be.
#pragma once

#include <vector>

#include "inference/graph/graph.h"
#include "inference/plan/formats.h"
#include "inference/plan/planner.h"

namespace pw::inference {

struct NarrowMath {
  Format source, residual, result;
  dnnl::memory::data_type weights_type = dnnl::memory::data_type::f32;
  std::vector<float> weights, bias;  // in units of what they are stored in
  dnnl::primitive_attr attributes;   // scales, the sum with the residual, the bounds
};

// `weights`: the output channel first. The result is in the format that the planner has for it, or in floats
// where that cannot be.
NarrowMath narrow_math(const Planner& planner, const Node& node, const std::vector<float>& weights,
                       const std::vector<float>& bias, std::int64_t channels);

}  // namespace pw::inference
