// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that compute nothing: other dimensions or another order of the same numbers.
#include <fmt/format.h>

#include "inference/graph/node_readers.h"
#include "inference/graph/shapes.h"
#include "inference/onednn/operators.h"
#include "inference/plan/plain_copy.h"

namespace pw::inference {
namespace {

// Row-major or channels last: oneDNN's kernels take a dimension of 1 for another one in other orders.
Value settled(Planner& planner, const Node& node, const Value& moved) {
  const Dims dims = moved.desc.dims();
  if (dims.size() == 4 && !lies_as(moved.desc, plain_desc(dims))) {
    const dnnl::memory::desc last(dims, dnnl::memory::data_type::f32, dnnl::memory::format_tag::nhwc);
    if (lies_as(moved.desc, last)) return {last, moved.buffer};
  }
  return planner.row_major(node, moved);
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

Result<Value> plan_identity(Planner& planner, const Node& node) {
  if (is_training(planner.graph(), node)) return fail_node(node, "training_mode is not supported");
  return planner.value(node, node.input(0));
}

Result<Value> plan_view(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const auto dims = find_shape_rule(node.op)->dims(planner.graph(), node, {source->desc.dims()});
  return dims ? view_as(planner, node, *source, *dims) : pass_on(dims);
}

Result<Value> plan_transpose(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const auto order = read_order(node, source->desc.dims().size());
  if (!order) return pass_on(order);
  std::vector<int> places(order->size());  // where each dimension goes
  for (std::size_t i = 0; i < order->size(); ++i)
    places[static_cast<std::size_t>((*order)[i])] = static_cast<int>(i);
  const Value moved{source->desc.permute_axes(places), source->buffer};
  return settled(planner, node, moved);
}

}  // namespace pw::inference
