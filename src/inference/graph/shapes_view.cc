// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes of the operators that only see the same numbers under other dimensions.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

#include "inference/graph/node_readers.h"
#include "inference/graph/shapes.h"

namespace pw::inference {
namespace {

constexpr std::size_t kMostAxes = 64;

Result<std::set<std::size_t>> read_axes(const Graph& graph, const Node& node, std::size_t rank) {
  const auto listed = read_integers(graph, node, "axes");
  if (!listed) return pass_on(listed);
  if (listed->size() > kMostAxes) return fail_node(node, "too many axes");
  if (node.op == "Unsqueeze") rank += listed->size();
  std::set<std::size_t> axes;
  for (const std::int64_t axis : *listed) {
    const auto checked = checked_axis(node, axis, rank);
    if (!checked) return pass_on(checked);
    if (!axes.insert(*checked).second) return fail_node(node, fmt::format("axis {} twice", axis));
  }
  return axes;
}

}  // namespace

Result<Dims> flatten_shape(const Graph&, const Node& node, const std::vector<Dims>& x) {
  const Dims& dims = x[0];
  const std::int64_t axis = node.integer("axis", 1);
  const auto checked =
      axis == static_cast<std::int64_t>(dims.size()) ? dims.size() : checked_axis(node, axis, dims.size());
  if (!checked) return pass_on(checked);
  const auto middle = dims.begin() + static_cast<std::ptrdiff_t>(*checked);
  const auto product = [](auto from, auto to) {
    return std::accumulate(from, to, std::int64_t{1}, std::multiplies<>());
  };
  return Dims{product(dims.begin(), middle), product(middle, dims.end())};
}

// 0 keeps a dimension, one -1 is what remains.
Result<Dims> reshape_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x) {
  const auto shape = read_integers(graph, node, "shape");
  if (!shape) return pass_on(shape);
  const auto misfit = [&] {
    return fail_node(node, fmt::format("{} cannot become {}", dims_text(x[0]),
                                       shape->empty() ? "a single number" : dims_text(*shape)));
  };
  const bool keep = node.integer("allowzero", 0) == 0;
  Dims to = *shape;
  for (std::size_t i = 0; i < to.size(); ++i)
    if (to[i] == 0 && keep && i < x[0].size()) to[i] = x[0][i];
  const auto open = std::find(to.begin(), to.end(), -1);
  if (open != to.end()) {
    *open = 1;
    const std::int64_t known = element_count(to);
    if (known < 1) return misfit();
    *open = element_count(x[0]) / known;
  }
  if (element_count(to) != element_count(x[0])) return misfit();
  return to;
}

Result<Dims> squeeze_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x) {
  const Dims& from = x[0];
  const auto axes = read_axes(graph, node, from.size());
  if (!axes) return pass_on(axes);
  Dims to;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const bool goes = axes->empty() ? from[i] == 1 : axes->contains(i);
    if (goes && from[i] != 1) return fail_node(node, fmt::format("dimension {} of {}", i, dims_text(from)));
    if (!goes) to.push_back(from[i]);
  }
  return to;
}

Result<Dims> unsqueeze_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x) {
  const auto axes = read_axes(graph, node, x[0].size());
  if (!axes) return pass_on(axes);
  Dims to;
  std::size_t next = 0;
  for (std::size_t i = 0; i < x[0].size() + axes->size(); ++i)
    to.push_back(axes->contains(i) ? 1 : x[0][next++]);
  return to;
}

Result<Dims> read_order(const Node& node, std::size_t rank) {
  Dims order = node.integers("perm");
  if (order.empty())
    for (std::size_t i = rank; i-- > 0;) order.push_back(static_cast<std::int64_t>(i));
  std::set<std::int64_t> places(order.begin(), order.end());
  const bool usable = order.size() == rank && places.size() == rank &&
                      (rank == 0 || (*places.begin() == 0 && *places.rbegin() + 1 == std::ssize(order)));
  if (!usable) return fail_node(node, fmt::format("perm {} of {} dimensions", dims_text(order), rank));
  return order;
}

Result<Dims> transpose_shape(const Graph&, const Node& node, const std::vector<Dims>& x) {
  const auto order = read_order(node, x[0].size());
  if (!order) return pass_on(order);
  Dims to;
  for (const std::int64_t from : *order) to.push_back(x[0][static_cast<std::size_t>(from)]);
  return to;
}

}  // namespace pw::inference
