// SPDX-License-Identifier: GPL-3.0-or-later
// A network as a list of operators on named tensors. Independent of the file format and of the kernels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace pw::inference {

using Dims = std::vector<std::int64_t>;

// A constant: floats (weights) or integers (shapes, axes), in row-major order.
struct Tensor {
  Dims dims;
  std::vector<float> floats;
  std::vector<std::int64_t> integers;
};

// Values below `low` become `low`, above `high` become `high`. Relu has no upper bound.
struct Clamp {
  float low = 0;
  float high = std::numeric_limits<float>::max();
  bool is_relu() const { return low == 0 && high == std::numeric_limits<float>::max(); }
};

struct Attribute {
  std::vector<std::int64_t> integers;  // one where the attribute is a number
  std::vector<float> floats;
  std::string text;
};

struct Node {
  std::string name;
  std::string op;                   // ONNX's operator type; "domain.Type" where the domain is not ONNX's
  std::vector<std::string> inputs;  // "" where an optional input is left out
  std::vector<std::string> outputs;
  std::map<std::string, Attribute> attributes;

  // Set by fuse(): the node's result plus `residual`, then between the bounds of `clamp`.
  std::string residual;
  std::optional<Clamp> clamp;

  std::string input(std::size_t index) const { return index < inputs.size() ? inputs[index] : ""; }
  std::int64_t integer(const std::string& attribute, std::int64_t otherwise) const;
  std::vector<std::int64_t> integers(const std::string& attribute) const;
  float number(const std::string& attribute, float otherwise) const;
  std::string text(const std::string& attribute, const std::string& otherwise) const;
};

struct Graph {
  std::int64_t opset = 0;
  std::string input;  // the one input that is not a constant
  Dims input_dims;    // 1 first where the file leaves the batch open; set_batch() changes it
  std::string output;
  std::vector<Node> nodes;  // each after those that it reads
  std::map<std::string, Tensor> constants;
  std::map<std::string, std::string> metadata;
};

// How often each tensor is read, the graph's output once more.
std::map<std::string, int> count_uses(const Graph& graph);

// "node 'conv1' (Conv): what", Failure::input.
tl::unexpected<Error> fail_node(const Node& node, const std::string& what);

// "1x3x224x224"
std::string dims_text(const Dims& dims);

// The number of elements; -1 where a dimension is not positive or the product is more than kMostElements.
inline constexpr std::int64_t kMostElements = std::int64_t{1} << 28;
std::int64_t element_count(const Dims& dims);
// The same for a constant, which may be empty: 0 where a dimension is 0.
std::int64_t tensor_size(const Dims& dims);
inline constexpr std::size_t kMostRank = 8;  // dimensions of a tensor that is read or worked out

// Puts the nodes into an order in which each comes after those that it reads. Failure::input where a tensor
// is made twice, is read but made by nothing, or depends on itself.
Result<> sort_nodes(Graph& graph);

}  // namespace pw::inference
