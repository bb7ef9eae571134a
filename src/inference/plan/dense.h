// SPDX-License-Identifier: GPL-3.0-or-later
// A Gemm or MatMul node with constant weights read and checked, for every backend.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "inference/graph/graph.h"
#include "inference/plan/planner.h"
#include "inference/plan/value.h"

namespace pw::inference {

struct Dense {
  Value source;
  Dims dims;  // of the source: rows x inputs
  std::int64_t outputs = 0;
  std::vector<float> weights;  // outputs x inputs, times alpha
  std::vector<float> bias;     // times beta; none: empty
};

// Errors (Failure::input) name the node.
Result<Dense> read_dense(const Planner& planner, const Node& node);

}  // namespace pw::inference
