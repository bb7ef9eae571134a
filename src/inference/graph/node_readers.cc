// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/graph/node_readers.h"

#include <fmt/format.h>

namespace pw::inference {
namespace {

constexpr std::int64_t kMostPadding = 4096;  // on one side

// A constant number: an input, else the attribute, else `otherwise`.
Result<float> read_number(const Graph& graph, const Node& node, std::size_t input,
                          const std::string& attribute, float otherwise) {
  if (node.input(input).empty()) return node.number(attribute, otherwise);
  const Tensor* constant = find_constant(graph, node.input(input));
  if (!constant || constant->floats.size() != 1)
    return fail_node(node, fmt::format("its {} is no constant number", attribute));
  return constant->floats[0];
}

}  // namespace

const Tensor* find_constant(const Graph& graph, const std::string& name) {
  const auto found = graph.constants.find(name);
  return found == graph.constants.end() ? nullptr : &found->second;
}

Result<std::size_t> checked_axis(const Node& node, std::int64_t axis, std::size_t rank) {
  const auto dimensions = static_cast<std::int64_t>(rank);
  if (axis < -dimensions || axis >= dimensions)
    return fail_node(node, fmt::format("axis {} of a tensor of {} dimensions", axis, rank));
  return static_cast<std::size_t>(axis < 0 ? axis + dimensions : axis);
}

Result<Dims> read_integers(const Graph& graph, const Node& node, const std::string& attribute) {
  if (node.input(1).empty()) return node.integers(attribute);
  const Tensor* constant = find_constant(graph, node.input(1));
  if (!constant || !constant->floats.empty())
    return fail_node(node, fmt::format("its {} are no constant integers", attribute));
  return constant->integers;
}

bool is_training(const Graph& graph, const Node& node) {
  if (node.op != "Dropout") return node.integer("training_mode", 0) != 0;
  if (node.input(2).empty()) return false;
  const Tensor* mode = find_constant(graph, node.input(2));
  return !mode || mode->integers != std::vector<std::int64_t>{0};
}

Result<Padding> read_pad(const Graph& graph, const Node& node) {
  if (const std::string mode = node.text("mode", "constant"); mode != "constant")
    return fail_node(node, fmt::format("mode '{}' is not supported", mode));
  if (!node.input(3).empty()) return fail_node(node, "axes are not supported");
  const auto amounts = read_integers(graph, node, "pads");
  if (!amounts) return pass_on(amounts);
  const auto value = read_number(graph, node, 2, "value", 0.0F);
  if (!value) return pass_on(value);
  for (const std::int64_t amount : *amounts)
    if (amount < 0 || amount > kMostPadding)
      return fail_node(node, fmt::format("a pad of {} is not within 0 and {}", amount, kMostPadding));
  return Padding{*amounts, *value};
}

Result<Clamp> read_clamp(const Graph& graph, const Node& node) {
  if (node.op == "Relu") return Clamp{};
  constexpr float kLargest = std::numeric_limits<float>::max();
  const auto low = read_number(graph, node, 1, "min", -kLargest);
  const auto high = read_number(graph, node, 2, "max", kLargest);
  if (!low || !high) return pass_on(low ? high : low);
  if (!(*low <= *high))
    return fail_node(node, fmt::format("its lower bound {} is above its upper bound {}", *low, *high));
  return Clamp{*low, *high};
}

}  // namespace pw::inference
