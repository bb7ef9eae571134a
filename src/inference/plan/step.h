// SPDX-License-Identifier: GPL-3.0-or-later
// What a planned network does, one after the other.
#pragma once

#include <dnnl.hpp>
#include <functional>
#include <string>
#include <unordered_map>

#include "inference/graph/graph.h"

namespace pw {

// What a step is called, so that times and counters of a part of the network can be told apart.
struct Layer {
  std::string node;  // of the graph, after fusing
  std::string op;
  std::string implementation;  // "brgconv:avx512_core" (oneDNN's name), "blas sgemm 1x1"
  Dims input, output;
};

struct Step {
  Layer layer;
  std::function<void(dnnl::stream&)> run;  // dnnl::error where oneDNN fails
};

using Arguments = std::unordered_map<int, dnnl::memory>;  // by DNNL_ARG_*

// A primitive of oneDNN with its memory, under oneDNN's name for the implementation.
Step onednn_step(const Node& node, const dnnl::primitive& primitive, Arguments arguments);

}  // namespace pw
