// SPDX-License-Identifier: GPL-3.0-or-later
// What a node asks for where that stands in attributes (older opsets) or in constant inputs (newer ones).
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "inference/graph/graph.h"

namespace pw::inference {

struct Padding {
  std::vector<std::int64_t> amounts;  // before each dimension, then after each dimension
  float value = 0;
};

// Of a Pad node. Errors name the node.
Result<Padding> read_pad(const Graph& graph, const Node& node);

// Of a Relu or Clip node. Errors name the node.
Result<Clamp> read_clamp(const Graph& graph, const Node& node);

// Constant integers: input number 1, else the attribute of that name, else none. Errors name the node.
Result<Dims> read_integers(const Graph& graph, const Node& node, const std::string& attribute);

// `axis` of a tensor of that rank, counted from the end where it is negative; an error where there is none.
Result<std::size_t> checked_axis(const Node& node, std::int64_t axis, std::size_t rank);

// Whether a Dropout or BatchNormalization asks for what it does in training, or may ask for it.
bool is_training(const Graph& graph, const Node& node);

// nullptr where there is no constant of that name.
const Tensor* find_constant(const Graph& graph, const std::string& name);

}  // namespace pw::inference
