// SPDX-License-Identifier: GPL-3.0-or-later
// The dimensions of every tensor of a graph, without running it. One row an operator in shapes.cc.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inference/graph/graph.h"
#include "inference/graph/window.h"

namespace pw::inference {

// The dimensions of node.outputs[0]. `x`: those of the inputs, {} where one is left out. Errors name the
// node.
using ShapeFunction = Result<Dims> (*)(const Graph& graph, const Node& node, const std::vector<Dims>& x);

struct ShapeRule {
  std::string_view op;  // ONNX's
  std::size_t inputs;   // that must be there
  ShapeFunction dims;
};

// nullptr where there is none of that name.
const ShapeRule* find_shape_rule(std::string_view op);

// By tensor; constants too. Nodes are in order. The graph is as it was read: what fuse() adds is not
// followed.
using Shapes = std::map<std::string, Dims>;

// Adds the shape of the node's result to those of its inputs. An error where an input's is not there.
Result<> infer_shape(const Graph& graph, const Node& node, Shapes& shapes);
Result<Shapes> infer_shapes(const Graph& graph);
// Before any node: the input and the constants.
Shapes known_shapes(const Graph& graph);

// The rules that have a file of their own, and what planning shares with them.
Result<Dims> conv_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);
Result<Dims> gemm_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);  // and MatMul
Result<Dims> pool_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);
Result<Dims> global_pool_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);
Result<Dims> reduce_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);
Result<Dims> concat_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);
Result<Dims> pad_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);
Result<Dims> broadcast_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);
Result<Dims> flatten_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);
Result<Dims> reshape_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);
Result<Dims> squeeze_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);
Result<Dims> unsqueeze_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);
Result<Dims> transpose_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x);

// The window of MaxPool or AveragePool over an image of these dimensions.
Result<Window> read_pool_window(const Node& node, const Dims& image);
// Where each dimension of the result of a Transpose comes from.
Result<Dims> read_order(const Node& node, std::size_t rank);
// The axes of a ReduceMean: each from 0 on, once, ascending.
Result<Dims> read_reduced_axes(const Graph& graph, const Node& node, std::size_t rank);

// Dimensions of `dims` with ones before them, up to `rank`.
Dims with_rank(const Dims& dims, std::size_t rank);

}  // namespace pw::inference
