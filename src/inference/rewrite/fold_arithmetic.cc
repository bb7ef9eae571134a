// SPDX-License-Identifier: GPL-3.0-or-later
// Constants out of constants by computing: Add, Sub, Mul, Div, Cast, ConstantOfShape, ReduceProd.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>

#include "inference/graph/data_type.h"
#include "inference/graph/node_readers.h"
#include "inference/graph/shapes.h"
#include "inference/rewrite/fold.h"

namespace pw::inference {
namespace {

constexpr std::int64_t kMostComputed = std::int64_t{1} << 22;  // of a result

std::optional<float> compute(const std::string& op, float a, float b) {
  if (op == "Add") return a + b;
  if (op == "Sub") return a - b;
  return op == "Mul" ? a * b : a / b;
}

// Nothing where there is no such integer.
std::optional<std::int64_t> compute(const std::string& op, std::int64_t a, std::int64_t b) {
  std::int64_t to = 0;
  if (op == "Add" && !__builtin_add_overflow(a, b, &to)) return to;
  if (op == "Sub" && !__builtin_sub_overflow(a, b, &to)) return to;
  if (op == "Mul" && !__builtin_mul_overflow(a, b, &to)) return to;
  if (op == "Div" && b != 0 && !(b == -1 && a == std::numeric_limits<std::int64_t>::min())) return a / b;
  return std::nullopt;
}

// Where the element `i` of a result of `to` dimensions is in an operand that is repeated to fit.
std::size_t place_in(const Dims& operand, const Dims& to, std::int64_t i) {
  std::int64_t place = 0, stride = 1;
  for (std::size_t axis = to.size(); axis-- > 0; i /= to[axis]) {
    if (operand[axis] != 1) place += i % to[axis] * stride;
    stride *= operand[axis];
  }
  return static_cast<std::size_t>(place);
}

template <class T>
Result<> fill(const Node& node, const Dims& to, const Tensor& a, const std::vector<T>& a_values,
              const Tensor& b, const std::vector<T>& b_values, std::vector<T>& made) {
  const Dims a_dims = with_rank(a.dims, to.size()), b_dims = with_rank(b.dims, to.size());
  for (std::int64_t i = 0; i < tensor_size(to); ++i) {
    const auto value = compute(node.op, a_values[place_in(a_dims, to, i)], b_values[place_in(b_dims, to, i)]);
    if (!value) return fail_node(node, "a division by zero, or a number that is too large");
    made.push_back(*value);
  }
  return {};
}

bool is_float_type(DataType type) { return type == DataType::float32 || type == DataType::float64; }

bool is_integer_type(DataType type) {
  return type == DataType::int64 || type == DataType::int32 || type == DataType::boolean;
}

}  // namespace

Result<Tensor> fold_binary(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x) {
  const Tensor &a = *x[0], &b = *x[1];
  if (tensor_size(a.dims) < 1 || tensor_size(b.dims) < 1) return fail_node(node, "an empty constant");
  if (is_float(a) != is_float(b)) return fail_node(node, "floats and integers together");
  const auto to = broadcast_shape(graph, node, {a.dims, b.dims});
  if (!to) return pass_on(to);
  if (const std::int64_t count = tensor_size(*to); count < 1 || count > kMostComputed)
    return fail_node(node, fmt::format("its result of {} is too large", dims_text(*to)));
  Tensor made{*to, {}, {}};
  const auto filled = is_float(a) ? fill(node, *to, a, a.floats, b, b.floats, made.floats)
                                  : fill(node, *to, a, a.integers, b, b.integers, made.integers);
  if (!filled) return pass_on(filled);
  return made;
}

Result<Tensor> fold_cast(const Graph&, const Node& node, const std::vector<const Tensor*>& x) {
  const DataType type{node.integer("to", 0)};
  const bool to_float = is_float_type(type);
  if (!to_float && !is_integer_type(type))
    return fail_node(node,
                     fmt::format("a cast to data type {} is not supported", static_cast<std::int64_t>(type)));
  Tensor made{x[0]->dims, {}, {}};
  for (const float value : x[0]->floats) {
    if (to_float) {
      made.floats.push_back(value);
      continue;
    }
    constexpr float kMost = 9.0e18F;
    if (!(std::abs(value) < kMost)) return fail_node(node, "a number that is too large for an integer");
    made.integers.push_back(static_cast<std::int64_t>(value));
  }
  for (const std::int64_t value : x[0]->integers) {
    if (to_float)
      made.floats.push_back(static_cast<float>(value));
    else
      made.integers.push_back(value);
  }
  if (type == DataType::boolean)
    for (std::int64_t& value : made.integers) value = value != 0 ? 1 : 0;
  return made;
}

Result<Tensor> fold_constant_of_shape(const Graph&, const Node& node, const std::vector<const Tensor*>& x) {
  const Dims dims = x[0]->integers;
  const std::int64_t count = tensor_size(dims);
  if (count < 0 || count > kMostComputed || is_float(*x[0]))
    return fail_node(node, fmt::format("a constant of the shape {}", dims_text(dims)));
  const auto value = node.attributes.find("value");
  const auto size = static_cast<std::size_t>(count);
  if (value != node.attributes.end() && value->second.floats.empty() && !value->second.integers.empty())
    return Tensor{dims, {}, std::vector<std::int64_t>(size, value->second.integers[0])};
  const float filling =
      value == node.attributes.end() || value->second.floats.empty() ? 0.0F : value->second.floats[0];
  return Tensor{dims, std::vector<float>(size, filling), {}};
}

// Of integers along one dimension: the number of elements of a shape.
Result<Tensor> fold_product(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x) {
  const auto axes = read_reduced_axes(graph, node, x[0]->dims.size());
  if (!axes) return pass_on(axes);
  if (x[0]->dims.size() != 1 || x[0]->integers.empty())
    return fail_node(node, "only a product of a list of integers is supported");
  std::int64_t product = 1;
  for (const std::int64_t value : x[0]->integers)
    if (__builtin_mul_overflow(product, value, &product))
      return fail_node(node, "a number that is too large");
  return Tensor{node.integer("keepdims", 1) != 0 ? Dims{1} : Dims{}, {}, {product}};
}

}  // namespace pw::inference
