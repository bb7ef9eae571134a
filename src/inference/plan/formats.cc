// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/formats.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "inference/graph/node_readers.h"
#include "inference/ground/quantize.h"
#include "inference/plan/calibration.h"

namespace pw::inference {
namespace {

using Type = dnnl::memory::data_type;

constexpr std::int64_t kFewChannels = 4;

// Errors of the first layers go through all that follow. With 5 the answers of ResNet-50 and SqueezeNet
// differ from fp32's half as much (KL divergence) as with none, those of MobileNet a third; with more, hardly
// less.
constexpr int kFirstConvolutions = 5;

Takes takes_of(Operators operators, const Node& node) {
  const Operator* op = find_operator(operators, node.op);
  return op ? op->takes : Takes::floats;
}

// Adds those that are read in bf16 and have no format yet.
void add_bf16(const Graph& graph, Operators operators, std::map<std::string, Format>& formats) {
  const bool has_input = formats.contains(graph.input);
  for (const Node& node : graph.nodes) {
    if (takes_of(operators, node) == Takes::floats) continue;
    for (const std::string& input : node.inputs) formats.try_emplace(input, Format{Type::bf16, 1});
    if (!node.residual.empty()) formats.try_emplace(node.residual, Format{Type::bf16, 1});
  }
  if (!has_input) formats.erase(graph.input);  // the first step makes it narrow
}

// Tensors that share a scale.
class Groups {
 public:
  std::string root(const std::string& tensor) const {
    const auto found = above_.find(tensor);
    return found == above_.end() ? tensor : root(found->second);
  }
  void join(const std::string& a, const std::string& b) {
    const std::string from = root(a), to = root(b);
    if (from != to) above_[from] = to;
  }

 private:
  std::map<std::string, std::string> above_;
};

class EightBits {
 public:
  EightBits(const Graph& graph, Operators operators, const Calibration& calibration, bool bf16)
      : graph_(graph), operators_(operators), limits_(calibration.limits) {
    if (bf16) keep_in_bf16();
  }

  std::map<std::string, Format> choose() {
    for (const Node& node : graph_.nodes) follow(node);
    for (auto node = graph_.nodes.rbegin(); node != graph_.nodes.rend(); ++node) want(*node);
    drop_unlimited();
    return formats();
  }

 private:
  bool computes_in_eight_bits(const Node& node) const {
    return takes_of(operators_, node) == Takes::narrow && !reads_few_channels(graph_, node) &&
           limits_.contains(node.input(0)) && !in_bf16_.contains(&node);
  }

  // The first convolutions, and the matrix product that is read as it is.
  void keep_in_bf16() {
    int convolutions = 0;
    for (const Node& node : graph_.nodes)
      if (node.op == "Conv" && ++convolutions <= kFirstConvolutions) in_bf16_.insert(&node);
    for (auto node = graph_.nodes.rbegin(); node != graph_.nodes.rend(); ++node) {
      if (takes_of(operators_, *node) == Takes::floats) continue;
      if (node->op != "Conv") in_bf16_.insert(&*node);
      break;
    }
  }

  // What is never negative, and what an operator on floats makes.
  void follow(const Node& node) {
    if (node.outputs.empty()) return;
    const Takes takes = takes_of(operators_, node);
    bool positive = node.clamp && node.clamp->low >= 0, floats = !computes_in_eight_bits(node);
    if (node.op == "Relu" || node.op == "Clip") {
      const auto clamp = read_clamp(graph_, node);
      positive = clamp && clamp->low >= 0;
    } else if (takes == Takes::same) {
      const auto all_in = [&](const std::set<std::string>& set) {
        return std::all_of(node.inputs.begin(), node.inputs.end(),
                           [&](const std::string& input) { return set.contains(input); });
      };
      positive = all_in(positive_);
      floats = all_in(floats_);
    }
    if (positive) positive_.insert(node.outputs[0]);
    if (floats) floats_.insert(node.outputs[0]);
  }

  void want(const Node& node) {
    if (node.outputs.empty()) return;
    const bool result = wanted_.contains(node.outputs[0]);
    if (computes_in_eight_bits(node)) {
      wanted_.insert(node.inputs[0]);
      if (result && !node.residual.empty()) wanted_.insert(node.residual);
    } else if (takes_of(operators_, node) == Takes::same && result && !floats_.contains(node.outputs[0])) {
      for (const std::string& input : node.inputs) {
        wanted_.insert(input);
        groups_.join(input, node.outputs[0]);
      }
    }
  }

  // One tensor without a limit keeps all that share its scale in floats.
  void drop_unlimited() {
    std::set<std::string> unlimited;
    for (const std::string& tensor : wanted_)
      if (!limits_.contains(tensor)) unlimited.insert(groups_.root(tensor));
    std::erase_if(wanted_,
                  [&](const std::string& tensor) { return unlimited.contains(groups_.root(tensor)); });
  }

  std::map<std::string, Format> formats() const {
    std::map<std::string, float> limit;
    std::set<std::string> negative;
    for (const std::string& tensor : wanted_) {
      const std::string root = groups_.root(tensor);
      limit[root] = std::max(limit[root], limits_.at(tensor));
      if (!positive_.contains(tensor)) negative.insert(root);
    }
    std::map<std::string, Format> formats;
    for (const std::string& tensor : wanted_) {
      const std::string root = groups_.root(tensor);
      const bool s8 = negative.contains(root);
      formats[tensor] = {s8 ? Type::s8 : Type::u8, scale_of(limit[root], s8 ? kMostS8 : kMostU8)};
    }
    return formats;
  }

  const Graph& graph_;
  Operators operators_;
  const std::map<std::string, float>& limits_;
  std::set<const Node*> in_bf16_;
  std::set<std::string> positive_, floats_, wanted_;
  Groups groups_;
};

}  // namespace

bool reads_few_channels(const Graph& graph, const Node& node) {
  const Tensor* weights = find_constant(graph, node.input(1));
  return node.op == "Conv" && weights && weights->dims.size() == 4 && node.integer("group", 1) == 1 &&
         weights->dims[1] <= kFewChannels;
}

std::map<std::string, Format> choose_formats(const Graph& graph, Operators operators,
                                             const NetworkOptions& options, bool bf16) {
  std::map<std::string, Format> formats;
  if (options.precision == Precision::fp32) return formats;
  if (options.precision == Precision::int8) {
    if (options.calibration) formats = EightBits(graph, operators, *options.calibration, bf16).choose();
    if (formats.empty()) return formats;
  }
  if (bf16) add_bf16(graph, operators, formats);
  return formats;
}

}  // namespace pw::inference
