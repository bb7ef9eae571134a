// SPDX-License-Identifier: GPL-3.0-or-later
// What a planned network does, one after the other.
#pragma once

#include <dnnl.hpp>
#include <functional>
#include <unordered_map>

#include "inference/graph/graph.h"
#include "inference/plan/layer.h"

namespace pw::inference {

struct Step {
  Layer layer;
  std::function<void(dnnl::stream&)> run;  // dnnl::error where oneDNN fails
};

using Arguments = std::unordered_map<int, dnnl::memory>;  // by DNNL_ARG_*

// A primitive of oneDNN with its memory, under oneDNN's name for the implementation.
Step onednn_step(const Node& node, const dnnl::primitive& primitive, Arguments arguments);

}  // namespace pw::inference
