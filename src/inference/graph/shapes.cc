// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/graph/shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "inference/graph/node_readers.h"

namespace pw::inference {
namespace {

Result<Dims> same_shape(const Graph&, const Node&, const std::vector<Dims>& x) { return x[0]; }

constexpr ShapeRule kRules[] = {
    {"Add", 2, broadcast_shape},
    {"AveragePool", 1, pool_shape},
    {"BatchNormalization", 5, same_shape},
    {"Clip", 1, same_shape},
    {"Concat", 1, concat_shape},
    {"Conv", 2, conv_shape},
    {"Div", 2, broadcast_shape},
    {"Dropout", 1, same_shape},
    {"Flatten", 1, flatten_shape},
    {"Gemm", 2, gemm_shape},
    {"GlobalAveragePool", 1, global_pool_shape},
    {"Identity", 1, same_shape},
    {"LRN", 1, same_shape},
    {"MatMul", 2, gemm_shape},
    {"MaxPool", 1, pool_shape},
    {"Mul", 2, broadcast_shape},
    {"Pad", 1, pad_shape},
    {"ReduceMean", 1, reduce_shape},
    {"Relu", 1, same_shape},
    {"Reshape", 1, reshape_shape},
    {"Sigmoid", 1, same_shape},
    {"Softmax", 1, same_shape},
    {"Squeeze", 1, squeeze_shape},
    {"Sub", 2, broadcast_shape},
    {"Transpose", 1, transpose_shape},
    {"Unsqueeze", 1, unsqueeze_shape},
};

}  // namespace

const ShapeRule* find_shape_rule(std::string_view op) {
  for (const ShapeRule& rule : kRules)
    if (rule.op == op) return &rule;
  return nullptr;
}

Dims with_rank(const Dims& dims, std::size_t rank) {
  Dims longer(rank - std::min(rank, dims.size()), 1);
  longer.insert(longer.end(), dims.begin(), dims.end());
  return longer;
}

Result<Dims> broadcast_shape(const Graph&, const Node& node, const std::vector<Dims>& x) {
  const std::size_t rank = std::max(x[0].size(), x[1].size());
  const Dims a = with_rank(x[0], rank), b = with_rank(x[1], rank);
  Dims to;
  for (std::size_t i = 0; i < rank; ++i) {
    if (a[i] != b[i] && a[i] != 1 && b[i] != 1)
      return fail_node(node, fmt::format("{} and {} do not fit together", dims_text(x[0]), dims_text(x[1])));
    to.push_back(std::max(a[i], b[i]));
  }
  return to;
}

Result<Dims> concat_shape(const Graph&, const Node& node, const std::vector<Dims>& x) {
  const auto axis = checked_axis(node, node.integer("axis", 1), x[0].size());
  if (!axis) return pass_on(axis);
  Dims sum = x[0];
  for (std::size_t i = 1; i < x.size(); ++i) {
    Dims dims = x[i];
    if (dims.size() == sum.size()) sum[*axis] += std::exchange(dims[*axis], x[0][*axis]);
    if (dims != x[0])
      return fail_node(node, fmt::format("{} and {} along axis {}", dims_text(x[0]), dims_text(x[i]), *axis));
  }
  return sum;
}

Result<Dims> pad_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x) {
  const auto padding = read_pad(graph, node);
  if (!padding) return pass_on(padding);
  Dims to = x[0];
  const std::size_t rank = to.size();
  if (padding->amounts.size() != 2 * rank)
    return fail_node(node, fmt::format("{} pads for {} dimensions", padding->amounts.size(), rank));
  for (std::size_t i = 0; i < rank; ++i) to[i] += padding->amounts[i] + padding->amounts[rank + i];
  return to;
}

Result<Dims> gemm_shape(const Graph&, const Node& node, const std::vector<Dims>& x) {
  const bool transposed = node.integer("transB", 0) != 0;
  if (node.integer("transA", 0) != 0) return fail_node(node, "transA is not supported");
  if (x[0].size() != 2 || x[1].size() != 2)
    return fail_node(node, fmt::format("{} by {}: a product of {} dimensions is not supported, only of 2",
                                       dims_text(x[0]), dims_text(x[1]), std::max(x[0].size(), x[1].size())));
  if (x[1][transposed ? 1 : 0] != x[0][1])
    return fail_node(
        node, fmt::format("weights of {} do not fit an input of {}", dims_text(x[1]), dims_text(x[0])));
  return Dims{x[0][0], x[1][transposed ? 0 : 1]};
}

Shapes known_shapes(const Graph& graph) {
  Shapes shapes;
  shapes[graph.input] = graph.input_dims;
  for (const auto& [name, tensor] : graph.constants) shapes[name] = tensor.dims;
  return shapes;
}

Result<> infer_shape(const Graph& graph, const Node& node, Shapes& shapes) {
  const ShapeRule* rule = find_shape_rule(node.op);
  if (!rule) return fail_node(node, "this operator is not supported");
  std::vector<Dims> x;
  for (std::size_t i = 0; i < std::max(rule->inputs, node.inputs.size()); ++i) {
    const std::string name = node.input(i);
    const auto found = shapes.find(name);
    if (name.empty() && i < rule->inputs) return fail_node(node, "an input is missing");
    if (!name.empty() && found == shapes.end())
      return fail_node(node, fmt::format("the shape of '{}' is not known", name));
    x.push_back(name.empty() ? Dims{} : found->second);
  }
  auto dims = rule->dims(graph, node, x);
  if (!dims) return pass_on(dims);
  if (dims->size() > kMostRank)
    return fail_node(node, fmt::format("its result has {} dimensions", dims->size()));
  if (element_count(*dims) < 0)
    return fail_node(node, fmt::format("its result of {} is empty or too large", dims_text(*dims)));
  if (!node.outputs.empty()) shapes[node.outputs[0]] = std::move(*dims);
  return {};
}

Result<Shapes> infer_shapes(const Graph& graph) {
  Shapes shapes = known_shapes(graph);
  for (const Node& node : graph.nodes)
    if (auto inferred = infer_shape(graph, node, shapes); !inferred) return pass_on(inferred);
  return shapes;
}

}  // namespace pw::inference
