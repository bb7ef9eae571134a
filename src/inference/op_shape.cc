// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that compute nothing: other dimensions or another order of the same numbers.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "inference/node_readers.h"
#include "inference/operators.h"

namespace pw {
namespace {

// 0 keeps a dimension, one -1 is what remains.
Result<Dims> reshaped(const Node& node, const Dims& from, Dims to) {
  const bool keep = node.integer("allowzero", 0) == 0;
  for (std::size_t i = 0; i < to.size(); ++i)
    if (to[i] == 0 && keep && i < from.size()) to[i] = from[i];
  const auto open = std::find(to.begin(), to.end(), -1);
  if (open == to.end()) return to;
  *open = 1;
  const std::int64_t known = element_count(to);
  if (known < 1) return fail_node(node, fmt::format("a shape of {}", dims_text(to)));
  *open = element_count(from) / known;
  return to;
}

Result<Dims> squeezed(const Node& node, const Dims& from, const std::set<std::size_t>& axes) {
  Dims to;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const bool goes = axes.empty() ? from[i] == 1 : axes.contains(i);
    if (goes && from[i] != 1) return fail_node(node, fmt::format("dimension {} of {}", i, dims_text(from)));
    if (!goes) to.push_back(from[i]);
  }
  return to;
}

Dims unsqueezed(const Dims& from, const std::set<std::size_t>& axes) {
  Dims to;
  std::size_t next = 0;
  for (std::size_t i = 0; i < from.size() + axes.size(); ++i)
    to.push_back(axes.contains(i) ? 1 : from[next++]);
  return to;
}

}  // namespace

Result<Value> view_as(Planner& planner, const Node& node, const Value& value, const Dims& dims) {
  if (dims.empty() || dims.size() > kMostDimensions ||
      element_count(dims) != element_count(value.desc.dims()))
    return fail_node(node, fmt::format("{} cannot become {}", dims_text(value.desc.dims()),
                                       dims.empty() ? "a single number" : dims_text(dims)));
  if (dims == value.desc.dims()) return value;
  const Value plain = planner.row_major(node, value);
  return Value{plain_desc(dims), plain.buffer};
}

Result<Value> plan_flatten(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const Dims dims = source->desc.dims();
  const std::int64_t axis = node.integer("axis", 1);
  const auto checked =
      axis == static_cast<std::int64_t>(dims.size()) ? dims.size() : checked_axis(node, axis, dims.size());
  if (!checked) return pass_on(checked);
  const std::int64_t before =
      std::accumulate(dims.begin(), dims.begin() + static_cast<std::ptrdiff_t>(*checked), std::int64_t{1},
                      std::multiplies<>());
  return view_as(planner, node, *source, {before, element_count(dims) / before});
}

Result<Value> plan_reshape(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const auto shape = read_integers(planner.graph(), node, "shape");
  if (!shape) return pass_on(shape);
  const auto dims = reshaped(node, source->desc.dims(), *shape);
  return dims ? view_as(planner, node, *source, *dims) : pass_on(dims);
}

Result<Value> plan_squeeze(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const Dims from = source->desc.dims();
  const auto listed = read_integers(planner.graph(), node, "axes");
  if (!listed) return pass_on(listed);
  const bool squeeze = node.op == "Squeeze";
  if (listed->size() > kMostDimensions) return fail_node(node, "too many axes");
  std::set<std::size_t> axes;
  for (const std::int64_t axis : *listed) {
    const auto checked = checked_axis(node, axis, from.size() + (squeeze ? 0 : listed->size()));
    if (!checked) return pass_on(checked);
    if (!axes.insert(*checked).second) return fail_node(node, fmt::format("axis {} twice", axis));
  }
  if (!squeeze) return view_as(planner, node, *source, unsqueezed(from, axes));
  const auto to = squeezed(node, from, axes);
  return to ? view_as(planner, node, *source, *to) : pass_on(to);
}

Result<Value> plan_transpose(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const std::size_t rank = source->desc.dims().size();
  std::vector<std::int64_t> order = node.integers("perm");
  if (order.empty())
    for (std::size_t i = rank; i-- > 0;) order.push_back(static_cast<std::int64_t>(i));
  std::vector<int> places(rank, -1);  // where each dimension goes
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool usable = order.size() == rank && order[i] >= 0 && order[i] < static_cast<std::int64_t>(rank) &&
                        places[static_cast<std::size_t>(order[i])] == -1;
    if (!usable) return fail_node(node, fmt::format("perm {} of {} dimensions", dims_text(order), rank));
    places[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
  }
  return Value{source->desc.permute_axes(places), source->buffer};  // only another layout
}

}  // namespace pw
