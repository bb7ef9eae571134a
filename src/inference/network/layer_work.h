// SPDX-License-Identifier: GPL-3.0-or-later
// What the layers of a network do, counted from their shapes.
#pragma once

#include <string>

#include "inference/graph/graph.h"
#include "inference/plan/layer.h"

namespace pw::inference {

struct LayerWork {
  double flops = 0;  // a multiplication and an addition are two; 0: not counted for this operator
  double bytes = 0;  // of its inputs, weights and output once each, in elements of `element_bytes`
  std::string how;   // "brgconv:avx2, 1x3x224x224 -> 1x64x112x112"
};

// A graph without its numbers, which planning uses up: what work_of asks for.
Graph shapes_of(const Graph& graph);

// `graph`: that the layer was planned from. Of Conv and Gemm the sums of products, of element-wise operators
// one operation an element, of pooling one for each element of its windows; a step that only moves numbers
// does none.
LayerWork work_of(const Graph& graph, const Layer& layer, double element_bytes = 4);

}  // namespace pw::inference
