// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/formats.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "inference/calibration.h"
#include "inference/node_readers.h"
#include "inference/operators.h"
#include "inference/quantize.h"

namespace pw {
namespace {

using Type = dnnl::memory::data_type;

constexpr std::int64_t kFewChannels = 4;

Takes takes_of(const Node& node) {
  const Operator* op = find_operator(node.op);
  return op ? op->takes : Takes::floats;
}

std::map<std::string, Format> bf16_formats(const Graph& graph) {
  std::map<std::string, Format> formats;
  for (const Node& node : graph.nodes) {
    if (takes_of(node) == Takes::floats) continue;
    for (const std::string& input : node.inputs) formats[input] = {Type::bf16, 1};
    if (!node.residual.empty()) formats[node.residual] = {Type::bf16, 1};
  }
  formats.erase(graph.input);  // the first step makes it narrow
  return formats;
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
  EightBits(const Graph& graph, const Calibration& calibration) : graph_(graph), limits_(calibration.limits) {}

  std::map<std::string, Format> choose() {
    for (const Node& node : graph_.nodes) follow(node);
    for (auto node = graph_.nodes.rbegin(); node != graph_.nodes.rend(); ++node) want(*node);
    drop_unlimited();
    return formats();
  }

 private:
  bool computes_in_eight_bits(const Node& node) const {
    return takes_of(node) == Takes::narrow && !reads_few_channels(graph_, node) &&
           limits_.contains(node.input(0));
  }

  // What is never negative, and what an operator on floats makes.
  void follow(const Node& node) {
    if (node.outputs.empty()) return;
    const Takes takes = takes_of(node);
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
    } else if (takes_of(node) == Takes::same && result && !floats_.contains(node.outputs[0])) {
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
    std::erase_if(wanted_, [&](const std::string& tensor) { return unlimited.contains(groups_.root(tensor)); });
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
  const std::map<std::string, float>& limits_;
  std::set<std::string> positive_, floats_, wanted_;
  Groups groups_;
};

}  // namespace

bool reads_few_channels(const Graph& graph, const Node& node) {
  const Tensor* weights = find_constant(graph, node.input(1));
  return node.op == "Conv" && weights && weights->dims.size() == 4 && node.integer("group", 1) == 1 &&
         weights->dims[1] <= kFewChannels;
}

std::map<std::string, Format> choose_formats(const Graph& graph, const NetworkOptions& options) {
  if (options.precision == Precision::bf16) return bf16_formats(graph);
  if (options.precision == Precision::int8 && options.calibration)
    return EightBits(graph, *options.calibration).choose();
  return {};
}

}  // namespace pw
