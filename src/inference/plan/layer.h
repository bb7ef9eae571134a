// SPDX-License-Identifier: GPL-3.0-or-later
// What is told of the parts of a planned network.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "inference/graph/graph.h"

namespace pw::inference {

// What a step is called, so that times and counters of a part of the network can be told apart.
struct Layer {
  std::string node;  // of the graph, after fusing
  std::string op;
  std::string implementation;  // "brgconv:avx512_core" (oneDNN's name), "blas sgemm 1x1"
  Dims input, output;
};

// Told of the graph's input and of each tensor that a node makes, in each run, row-major.
using Observe = std::function<void(const std::string& tensor, std::span<const float> numbers)>;

}  // namespace pw::inference
