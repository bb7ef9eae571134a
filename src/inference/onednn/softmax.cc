// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <numeric>

#include "inference/graph/node_readers.h"
#include "inference/onednn/operators.h"

namespace pw::inference {
namespace {

constexpr std::int64_t kOneAxisOpset = 13;  // before: over all dimensions from `axis` on, 1 by default

Value add_softmax(Planner& planner, const Node& node, const Value& x, std::size_t axis) {
  const dnnl::softmax_forward::desc desc(dnnl::prop_kind::forward_inference, x.desc, static_cast<int>(axis));
  const dnnl::softmax_forward::primitive_desc chosen(desc, planner.engine());
  const Value y = planner.make(chosen.dst_desc());
  planner.add_step(node, dnnl::softmax_forward(chosen),
                   {{DNNL_ARG_SRC, planner.memory(x)}, {DNNL_ARG_DST, planner.memory(y)}});
  return y;
}

}  // namespace

Result<Value> plan_softmax(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const Dims dims = source->desc.dims();
  const bool one_axis = planner.graph().opset >= kOneAxisOpset;
  const auto axis = checked_axis(node, node.integer("axis", one_axis ? -1 : 1), dims.size());
  if (!axis) return pass_on(axis);
  if (one_axis) return add_softmax(planner, node, planner.row_major(node, *source), *axis);
  const auto middle = dims.begin() + static_cast<std::ptrdiff_t>(*axis);
  const auto product = [](auto from, auto to) {
    return std::accumulate(from, to, std::int64_t{1}, std::multiplies<>());
  };
  const auto flat =
      view_as(planner, node, *source, {product(dims.begin(), middle), product(middle, dims.end())});
  if (!flat) return flat;
  return view_as(planner, node, add_softmax(planner, node, *flat, 1), dims);
}

}  // namespace pw::inference
