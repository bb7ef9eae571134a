// SPDX-License-Identifier: GPL-3.0-or-later
// MaxPool, AveragePool, GlobalAveragePool, ReduceMean.
#include <algorithm>
#include <array>

#include "inference/graph/shapes.h"
#include "inference/graph/window.h"
#include "inference/onednn/operators.h"

namespace pw::inference {
namespace {

using dnnl::algorithm;
using dnnl::memory;

template <class Forward, class... Dilation>
Value add_pool_of(Planner& planner, const Node& node, const Value& source, const Window& w, algorithm how,
                  const Dilation&... dilation) {
  const memory::dims x = source.desc.dims();
  const memory::desc any({x[0], x[1], w.output[0], w.output[1]}, source.desc.data_type(),
                         memory::format_tag::any);
  const typename Forward::desc desc(dnnl::prop_kind::forward_inference, how, source.desc, any,
                                    {w.stride[0], w.stride[1]}, {w.kernel[0], w.kernel[1]}, dilation...,
                                    {w.pad_begin[0], w.pad_begin[1]}, {w.pad_end[0], w.pad_end[1]});
  const typename Forward::primitive_desc chosen(desc, planner.engine());
  Value y = planner.make(chosen.dst_desc());
  y.scale = source.scale;
  planner.add_step(node, Forward(chosen),
                   {{DNNL_ARG_SRC, planner.memory(source)}, {DNNL_ARG_DST, planner.memory(y)}});
  return y;
}

Value add_pool(Planner& planner, const Node& node, const Value& source, const Window& w, algorithm how) {
  if (w.dilation[0] == 1 && w.dilation[1] == 1)
    return add_pool_of<dnnl::pooling_forward>(planner, node, source, w, how);
  const memory::dims between = {w.dilation[0] - 1, w.dilation[1] - 1};
  return add_pool_of<dnnl::pooling_v2_forward>(planner, node, source, w, how, between);
}

Value add_global_average(Planner& planner, const Node& node, const Value& source) {
  const memory::dims x = source.desc.dims();
  Window window;
  window.kernel = {x[2], x[3]};
  return add_pool(planner, node, source, window, algorithm::pooling_avg_exclude_padding);
}

Value add_mean(Planner& planner, const Node& node, const Value& source, const Dims& axes) {
  Dims to = source.desc.dims();
  for (const std::int64_t axis : axes) to[static_cast<std::size_t>(axis)] = 1;
  const dnnl::reduction::desc desc(algorithm::reduction_mean, source.desc, plain_desc(to), 0.0F, 0.0F);
  const dnnl::reduction::primitive_desc chosen(desc, planner.engine());
  const Value y = planner.make(chosen.dst_desc());
  planner.add_step(node, dnnl::reduction(chosen),
                   {{DNNL_ARG_SRC, planner.memory(source)}, {DNNL_ARG_DST, planner.memory(y)}});
  return y;
}

using Pads = std::array<std::int64_t, 4>;  // begin of H W, end of H W

Pads explicit_pads(const Node& node) {
  Pads pads{};
  const std::vector<std::int64_t> given = node.integers("pads");
  if (node.text("auto_pad", "NOTSET") == "NOTSET" && given.size() == 4)
    std::copy(given.begin(), given.end(), pads.begin());
  return pads;
}

// With ceil_mode a window may reach past the input and its padding. What is padding counts in a mean, what
// lies past it does not: so the padding becomes part of the input.
Result<Value> plan_counted_pool(Planner& planner, const Node& node, const Window& w, const Pads& pads) {
  Node pad = node;
  pad.op = "Pad";
  pad.attributes = {{"pads", {{0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]}, {}, {}}}};
  pad.inputs = {node.input(0)};
  const auto padded = plan_pad(planner, pad);
  if (!padded) return padded;
  Window rest = w;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    rest.pad_begin[axis] = 0;
    rest.pad_end[axis] -= pads[axis + 2];
  }
  return add_pool(planner, node, *padded, rest, algorithm::pooling_avg_exclude_padding);
}

}  // namespace

Result<Value> plan_pool(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const memory::dims x = source->desc.dims();
  const auto window = read_pool_window(node, x);
  if (!window) return pass_on(window);
  if (node.op == "MaxPool") return add_pool(planner, node, *source, *window, algorithm::pooling_max);
  if (node.integer("count_include_pad", 0) == 0)
    return add_pool(planner, node, *source, *window, algorithm::pooling_avg_exclude_padding);
  const Pads pads = explicit_pads(node);
  const bool same = node.text("auto_pad", "NOTSET").starts_with("SAME");
  if (!same && (window->pad_end[0] > pads[2] || window->pad_end[1] > pads[3]))
    return plan_counted_pool(planner, node, *window, pads);
  return add_pool(planner, node, *source, *window, algorithm::pooling_avg_include_padding);
}

Result<Value> plan_global_average_pool(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  if (auto image = check_image(node, *source); !image) return pass_on(image);
  return add_global_average(planner, node, *source);
}

Result<Value> plan_reduce_mean(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const memory::dims x = source->desc.dims();
  const auto axes = read_reduced_axes(planner.graph(), node, x.size());
  if (!axes) return pass_on(axes);
  const auto dims = reduce_shape(planner.graph(), node, {x});
  if (!dims) return pass_on(dims);
  if (element_count(*dims) == element_count(x)) return view_as(planner, node, *source, *dims);
  const bool over_image = x.size() == 4 && *axes == Dims{2, 3};
  const Value mean = over_image ? add_global_average(planner, node, *source)
                                : add_mean(planner, node, planner.row_major(node, *source), *axes);
  return view_as(planner, node, mean, *dims);
}

}  // namespace pw::inference
