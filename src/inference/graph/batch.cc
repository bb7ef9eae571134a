// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/graph/batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "inference/graph/node_readers.h"
#include "inference/graph/shapes.h"

namespace pw::inference {
namespace {

constexpr std::int64_t kMostImages = 4096;

// Gives the node a shape of its own: the constant may be read elsewhere too.
void reshape_to_batch(Graph& graph, Node& node, std::int64_t old_batch, std::int64_t batch) {
  const auto shape = read_integers(graph, node, "shape");
  if (!shape || shape->empty() || (*shape)[0] != old_batch) return;
  std::string name = node.name + "/shape";
  while (graph.constants.contains(name)) name += "'";
  Tensor own{{std::ssize(*shape)}, {}, *shape};
  own.integers[0] = batch;
  graph.constants[name] = std::move(own);
  node.inputs.resize(2);
  node.inputs[1] = name;
}

// Softmax is the one operator that may mix images and keep the shape.
bool mixes(const Graph& graph, const Node& node, std::size_t rank) {
  if (node.op != "Softmax") return false;
  const std::int64_t axis = node.integer("axis", graph.opset >= 13 ? -1 : 1);
  return axis == 0 || axis == -static_cast<std::int64_t>(rank);
}

// A tensor of fewer dimensions is repeated from the last one on, so that its images meet another dimension.
bool meets_another_dimension(const Graph& graph, const Node& node, const Shapes& shapes) {
  const ShapeRule* const rule = find_shape_rule(node.op);
  if (!rule || rule->dims != broadcast_shape) return false;
  const std::size_t rank = shapes.at(node.outputs[0]).size();
  return std::any_of(node.inputs.begin(), node.inputs.end(), [&](const std::string& input) {
    return !graph.constants.contains(input) && shapes.at(input).size() < rank;
  });
}

bool is_batched(const Dims& one, const Dims& many, std::int64_t old_batch, std::int64_t batch) {
  if (one.empty() || one[0] != old_batch || many.empty()) return false;
  Dims expected = one;
  expected[0] = batch;
  return many == expected;
}

}  // namespace

Result<> set_batch(Graph& graph, std::int64_t batch) {
  if (graph.input_dims.empty()) return fail(Failure::input, "its input is a single number");
  if (batch < 1 || batch > kMostImages)
    return fail(Failure::input, fmt::format("a batch of {}, not 1 to {}", batch, kMostImages));
  const std::int64_t old_batch = graph.input_dims[0];
  if (batch == old_batch) return {};
  const auto before = infer_shapes(graph);
  if (!before) return pass_on(before);
  graph.input_dims[0] = batch;
  for (Node& node : graph.nodes)
    if (node.op == "Reshape") reshape_to_batch(graph, node, old_batch, batch);
  Shapes after = known_shapes(graph);
  for (const Node& node : graph.nodes) {
    if (auto inferred = infer_shape(graph, node, after); !inferred) return inferred;
    if (node.outputs.empty()) continue;
    const Dims &one = before->at(node.outputs[0]), &many = after.at(node.outputs[0]);
    if (meets_another_dimension(graph, node, after))
      return fail_node(
          node, fmt::format("repeats a tensor of fewer dimensions along its last ones, so that in a batch "
                            "of {} it mixes images",
                            batch));
    if (mixes(graph, node, one.size()) || !is_batched(one, many, old_batch, batch))
      return fail_node(node, fmt::format("makes {} of one image and {} of {}: it mixes images",
                                         dims_text(one), dims_text(many), batch));
  }
  return {};
}

}  // namespace pw::inference
