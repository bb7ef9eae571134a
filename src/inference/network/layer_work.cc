// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/network/layer_work.h"

#include <algorithm>
#include <array>

namespace pw::inference {
namespace {

double elements(const Dims& dims) {
  double count = dims.empty() ? 0 : 1;
  for (const auto one : dims) count *= static_cast<double>(std::max<std::int64_t>(one, 0));
  return count;
}

const Node* node_of(const Graph& graph, const Layer& layer) {
  const auto node = std::ranges::find_if(
      graph.nodes, [&](const Node& one) { return one.name == layer.node && one.op == layer.op; });
  return node == graph.nodes.end() ? nullptr : &*node;
}

const Tensor* weights_of(const Graph& graph, const Node& node) {
  const auto found = graph.constants.find(node.input(1));
  return found == graph.constants.end() ? nullptr : &found->second;
}

// Sums of products: so many for each element of the output.
double products(const Node& node, const Layer& layer, const Tensor* weights) {
  if (node.op == "Conv" && weights && weights->dims.size() > 1)
    return elements(Dims(weights->dims.begin() + 1, weights->dims.end()));
  if ((node.op == "Gemm" || node.op == "MatMul") && !layer.input.empty())
    return static_cast<double>(layer.input.back());
  return 0;
}

// Operations for each element of the output.
double operations(const Node& node, const Layer& layer) {
  constexpr std::array kElementwise = {"Add", "Sub", "Mul", "Div", "Relu", "Clip", "Sum"};
  if (std::ranges::find(kElementwise, node.op) != kElementwise.end()) return 1;
  if (node.op == "GlobalAveragePool") return elements(layer.input) / std::max(elements(layer.output), 1.0);
  if (node.op != "MaxPool" && node.op != "AveragePool") return 0;
  double window = 1;
  for (const std::int64_t one : node.integers("kernel_shape")) window *= static_cast<double>(one);
  return window;
}

}  // namespace

Graph shapes_of(const Graph& graph) {
  Graph shapes;
  shapes.nodes = graph.nodes;
  for (const auto& [name, tensor] : graph.constants) shapes.constants[name].dims = tensor.dims;
  return shapes;
}

LayerWork work_of(const Graph& graph, const Layer& layer, double element_bytes) {
  LayerWork work;
  work.how = layer.implementation + ", " + dims_text(layer.input) + " -> " + dims_text(layer.output);
  const Node* node = node_of(graph, layer);
  const bool moves = layer.implementation.starts_with("reorder");
  const Tensor* weights = node && !moves ? weights_of(graph, *node) : nullptr;
  work.bytes = element_bytes *
               (elements(layer.input) + elements(layer.output) + (weights ? elements(weights->dims) : 0));
  if (!node || moves) return work;
  const double sums = products(*node, layer, weights);
  work.flops = elements(layer.output) * (sums > 0 ? 2 * sums : operations(*node, layer));
  if (!node->residual.empty()) {
    work.flops += elements(layer.output);
    work.bytes += element_bytes * elements(layer.output);
  }
  return work;
}

}  // namespace pw::inference
