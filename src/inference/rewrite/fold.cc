// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/rewrite/fold.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "inference/graph/data_type.h"
#include "inference/graph/node_readers.h"
#include "inference/graph/shapes.h"

namespace pw::inference {
namespace {

constexpr FoldRule kRules[] = {
    {"Add", 2, fold_binary},          {"Cast", 1, fold_cast},
    {"Concat", 1, fold_concat},       {"ConstantOfShape", 1, fold_constant_of_shape},
    {"Div", 2, fold_binary},          {"Flatten", 1, fold_view},
    {"Gather", 2, fold_gather},       {"Identity", 1, fold_view},
    {"Mul", 2, fold_binary},          {"ReduceProd", 1, fold_product},
    {"Reshape", 2, fold_view},        {"Slice", 1, fold_slice},
    {"Squeeze", 1, fold_view},        {"Sub", 2, fold_binary},
    {"Transpose", 1, fold_transpose}, {"Unsqueeze", 1, fold_view},
};

constexpr std::int64_t kMostExtra = std::int64_t{1} << 22;  // elements more than twice those of the file

std::int64_t elements_of(const Tensor& tensor) {
  return static_cast<std::int64_t>(tensor.floats.size() + tensor.integers.size());
}

class Folder {
 public:
  explicit Folder(Graph& graph) : graph_(graph), shapes_(known_shapes(graph)) {
    for (const auto& [name, tensor] : graph.constants) budget_ += 2 * elements_of(tensor);
  }

  Result<> run() {
    for (Node& node : graph_.nodes)
      if (auto done = visit(node); !done) return done;
    std::erase_if(graph_.nodes, [](const Node& node) { return node.op.empty(); });
    return {};
  }

 private:
  Result<> visit(Node& node) {
    // What is no constant is of float32 already.
    if (node.op == "Cast" && DataType{node.integer("to", 0)} == DataType::float32 && !node.inputs.empty() &&
        !find_constant(graph_, node.inputs[0]))
      node.op = "Identity";
    auto tensor = known_result(node);
    if (!tensor) return pass_on(tensor);
    if (!*tensor) {
      note_shape(node);
      return {};
    }
    if ((*tensor)->dims.size() > kMostRank)
      return fail_node(node, fmt::format("its result has {} dimensions", (*tensor)->dims.size()));
    budget_ -= elements_of(**tensor);
    if (budget_ < 0) return fail_node(node, "the constants computed up to it are too large");
    const std::string name = node.outputs[0];
    shapes_[name] = (*tensor)->dims;
    graph_.constants[name] = std::move(**tensor);
    node = {};
    return {};
  }

  // Nothing where it depends on the input's numbers.
  Result<std::optional<Tensor>> known_result(const Node& node) {
    if (node.outputs.size() != 1 || node.outputs[0].empty() || node.outputs[0] == graph_.output)
      return std::nullopt;
    if (node.op == "Shape" && !node.inputs.empty()) return shape_of(node);
    const FoldRule* rule = find_fold_rule(node.op);
    if (!rule || node.inputs.empty()) return std::nullopt;
    std::vector<const Tensor*> x;
    for (std::size_t i = 0; i < std::max(node.inputs.size(), rule->inputs); ++i) {
      const std::string name = node.input(i);
      x.push_back(find_constant(graph_, name));
      if (!x.back() && (!name.empty() || i < rule->inputs)) return std::nullopt;
    }
    auto tensor = rule->fold(graph_, node, x);
    if (!tensor) return pass_on(tensor);
    return std::move(*tensor);
  }

  // What lies behind an operator that is not supported has no shape: planning will name that operator.
  Result<std::optional<Tensor>> shape_of(const Node& node) {
    const auto found = shapes_.find(node.inputs[0]);
    if (found == shapes_.end() && error_) return tl::unexpected(*error_);
    if (found == shapes_.end()) return std::nullopt;
    const auto rank = static_cast<std::int64_t>(found->second.size());
    const auto place = [rank](std::int64_t at) {
      return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank);
    };
    const std::int64_t start = place(node.integer("start", 0));
    const std::int64_t end = std::max(start, place(node.integer("end", rank)));
    const auto first = found->second.begin();
    return Tensor{{end - start}, {}, {first + start, first + end}};
  }

  void note_shape(const Node& node) {
    if (!find_shape_rule(node.op)) return;
    for (const std::string& input : node.inputs)
      if (!input.empty() && !shapes_.contains(input)) return;
    const auto inferred = infer_shape(graph_, node, shapes_);
    if (!inferred && !error_) error_ = inferred.error();
  }

  Graph& graph_;
  Shapes shapes_;
  std::int64_t budget_ = kMostExtra;
  std::optional<Error> error_;  // the first shape that could not be worked out
};

}  // namespace

const FoldRule* find_fold_rule(std::string_view op) {
  for (const FoldRule& rule : kRules)
    if (rule.op == op) return &rule;
  return nullptr;
}

bool is_float(const Tensor& tensor) { return !tensor.floats.empty(); }

Result<> fold_constants(Graph& graph) { return Folder(graph).run(); }

}  // namespace pw::inference
