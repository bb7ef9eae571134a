// SPDX-License-Identifier: GPL-3.0-or-later
// A Conv node read and checked, for every backend.
#pragma once

#include "base/result.h"
#include "inference/graph/graph.h"
#include "inference/graph/window.h"
#include "inference/plan/planner.h"
#include "inference/plan/value.h"

namespace pw::inference {

struct ConvShape {
  Window window;
  std::int64_t groups = 1;
  Dims source, output;  // NxCxHxW
  Dims weights;         // OIHW, or GOIHW where there are groups
  Dims bias;            // none: empty

  bool depthwise() const { return groups > 1 && weights[2] == 1 && weights[1] == 1; }
  // "1x3x224x224 64x3x7x7 stride 2x2 dilation 1x1 pads 3x3x2x2": the same text, the same work.
  std::string text() const;
};

struct ConvParts {
  ConvShape shape;
  Value source;
  const Tensor* weights = nullptr;
  const Tensor* bias = nullptr;  // none: nullptr
};

// Errors (Failure::input) name the node.
Result<ConvParts> read_conv(const Planner& planner, const Node& node);

// The node as it is, but without residual and bounds: for an Add that broadcasts.
Node without_epilogue(const Node& node);

}  // namespace pw::inference
