// SPDX-License-Identifier: GPL-3.0-or-later
// Works out, before anything runs, what exporters leave in a graph as arithmetic on shapes and constants.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "inference/graph/graph.h"

namespace pw::inference {

// Turns every node whose result is known into a constant: Shape of a tensor whose shape is known, and what
// follows from constants alone. Nodes are in order. Errors (Failure::input) name the node: a constant that
// cannot be computed, or constants with more elements than twice those of the file and 4 million.
Result<> fold_constants(Graph& graph);

// The result of a node whose inputs are all constants; nullptr stands for one that is left out.
using FoldFunction = Result<Tensor> (*)(const Graph& graph, const Node& node,
                                        const std::vector<const Tensor*>& x);

struct FoldRule {
  std::string_view op;  // ONNX's
  std::size_t inputs;   // that must be there
  FoldFunction fold;
};

// nullptr where there is none of that name: such a node is left to run.
const FoldRule* find_fold_rule(std::string_view op);

// The rules that only pick elements (fold_pick.cc) and those that compute (fold_arithmetic.cc).
Result<Tensor> fold_concat(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x);
Result<Tensor> fold_gather(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x);
Result<Tensor> fold_slice(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x);
Result<Tensor> fold_transpose(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x);
Result<Tensor> fold_view(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x);
Result<Tensor> fold_binary(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x);
Result<Tensor> fold_cast(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x);
Result<Tensor> fold_constant_of_shape(const Graph& graph, const Node& node,
                                      const std::vector<const Tensor*>& x);
Result<Tensor> fold_product(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x);

bool is_float(const Tensor& tensor);

}  // namespace pw::inference
