// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/graph/score_range.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <string_view>

#include "inference/graph/node_readers.h"

namespace pw::inference {
namespace {

struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

// Results are means of the input's numbers, or some of them.
constexpr std::string_view kWithinInput[] = {"AveragePool", "Dropout", "Flatten",    "GlobalAveragePool",
                                             "Identity",    "MaxPool", "ReduceMean", "Reshape",
                                             "Transpose",   "Squeeze", "Unsqueeze"};

Range range_of(const std::vector<float>& floats) {
  if (floats.empty()) return {};
  const auto [low, high] = std::minmax_element(floats.begin(), floats.end());
  return {*low, *high};
}

Range around(Range a, const Range& b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }

// Of all four corners; anything where one of them is not a number.
template <class Operation>
Range corners(const Range& a, const Range& b, Operation operation) {
  const double all[] = {operation(a.low, b.low), operation(a.low, b.high), operation(a.high, b.low),
                        operation(a.high, b.high)};
  if (std::any_of(std::begin(all), std::end(all), [](double x) { return std::isnan(x); })) return {};
  const auto [low, high] = std::minmax_element(std::begin(all), std::end(all));
  return {*low, *high};
}

Range range_of_binary(const Node& node, const Range& a, const Range& b) {
  if (node.op == "Add") return {a.low + b.low, a.high + b.high};
  if (node.op == "Sub") return {a.low - b.high, a.high - b.low};
  if (node.op == "Mul") return corners(a, b, [](double x, double y) { return x * y; });
  if (b.low <= 0 && b.high >= 0) return {};
  return corners(a, b, [](double x, double y) { return x / y; });
}

class Ranges {
 public:
  explicit Ranges(const Graph& graph) : graph_(graph) {
    for (const Node& node : graph.nodes)
      if (!node.outputs.empty()) ranges_[node.outputs[0]] = after(node);
  }

  Range of(const std::string& tensor) const {
    if (const Tensor* constant = find_constant(graph_, tensor)) return range_of(constant->floats);
    const auto found = ranges_.find(tensor);
    return found == ranges_.end() ? Range{} : found->second;
  }

 private:
  Range after(const Node& node) const {
    const std::string& op = node.op;
    const Range x = of(node.input(0));
    if (op == "Softmax" || op == "Sigmoid") return {0, 1};
    if (op == "Relu" || op == "Clip") return clamped(node, x);
    if (op == "Concat") return of_all(node);
    if (op == "Add" || op == "Sub" || op == "Mul" || op == "Div")
      return range_of_binary(node, x, of(node.input(1)));
    const bool within =
        std::find(std::begin(kWithinInput), std::end(kWithinInput), op) != std::end(kWithinInput);
    if (!within) return {};
    return node.integer("count_include_pad", 0) != 0 ? around(x, {0, 0}) : x;
  }

  Range clamped(const Node& node, const Range& x) const {
    const auto clamp = read_clamp(graph_, node);
    if (!clamp) return {};
    return {std::clamp<double>(x.low, clamp->low, clamp->high),
            std::clamp<double>(x.high, clamp->low, clamp->high)};
  }

  Range of_all(const Node& node) const {
    Range all = of(node.input(0));
    for (const std::string& input : node.inputs) all = around(all, of(input));
    return all;
  }

  const Graph& graph_;
  std::map<std::string, Range> ranges_;
};

}  // namespace

bool scores_are_probabilities(const Graph& graph) {
  constexpr double kRounding = 1e-5;  // of constants such as 1/3
  const Range range = Ranges(graph).of(graph.output);
  return range.low >= -kRounding && range.high <= 1 + kRounding;
}

}  // namespace pw::inference
