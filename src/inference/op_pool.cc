// SPDX-License-Identifier: GPL-3.0-or-later
// MaxPool, AveragePool, GlobalAveragePool, and ReduceMean over height and width.
#include <fmt/format.h>

#include "inference/node_readers.h"
#include "inference/operators.h"
#include "inference/window.h"

namespace pw {
namespace {

using dnnl::algorithm;
using dnnl::memory;

Value add_pool(Planner& planner, const Node& node, const Value& source, const Window& w, algorithm how) {
  using Forward = dnnl::pooling_forward;
  const memory::dims x = source.desc.dims();
  const memory::desc any({x[0], x[1], w.output[0], w.output[1]}, source.desc.data_type(),
                         memory::format_tag::any);
  const Forward::desc desc(dnnl::prop_kind::forward_inference, how, source.desc, any,
                           {w.stride[0], w.stride[1]}, {w.kernel[0], w.kernel[1]},
                           {w.pad_begin[0], w.pad_begin[1]}, {w.pad_end[0], w.pad_end[1]});
  const Forward::primitive_desc chosen(desc, planner.engine());
  Value y = planner.make(chosen.dst_desc());
  y.scale = source.scale;
  planner.add_step(node, Forward(chosen),
                   {{DNNL_ARG_SRC, planner.memory(source)}, {DNNL_ARG_DST, planner.memory(y)}});
  return y;
}

Value add_global_average(Planner& planner, const Node& node, const Value& source) {
  const memory::dims x = source.desc.dims();
  Window window;
  window.kernel = {x[2], x[3]};
  return add_pool(planner, node, source, window, algorithm::pooling_avg_exclude_padding);
}

// Empty: all.
Result<Dims> read_axes(const Planner& planner, const Node& node, std::size_t rank) {
  auto axes = read_integers(planner.graph(), node, "axes");
  if (!axes) return axes;
  for (std::int64_t& axis : *axes) {
    const auto checked = checked_axis(node, axis, rank);
    if (!checked) return pass_on(checked);
    axis = static_cast<std::int64_t>(*checked);
  }
  return axes;
}

}  // namespace

Result<Value> plan_pool(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  if (auto image = check_image(node, *source); !image) return pass_on(image);
  const memory::dims x = source->desc.dims();
  const std::vector<std::int64_t> kernel = node.integers("kernel_shape");
  if (kernel.size() != 2) return fail_node(node, "kernel_shape is not two numbers");
  const auto window = read_window(node, {kernel[0], kernel[1]}, {x[2], x[3]});
  if (!window) return pass_on(window);
  if (window->dilation[0] != 1 || window->dilation[1] != 1)
    return fail_node(node, "dilations are not supported");
  for (std::size_t axis = 0; axis < 2; ++axis)
    if (window->pad_begin[axis] >= kernel[axis] || window->pad_end[axis] >= kernel[axis])
      return fail_node(node, "padding as large as the kernel is not supported");
  if (node.op == "MaxPool") return add_pool(planner, node, *source, *window, algorithm::pooling_max);
  const bool include = node.integer("count_include_pad", 0) != 0;
  if (include && node.integer("ceil_mode", 0) != 0)
    return fail_node(node, "count_include_pad with ceil_mode is not supported");
  return add_pool(planner, node, *source, *window,
                  include ? algorithm::pooling_avg_include_padding : algorithm::pooling_avg_exclude_padding);
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
  const auto axes = read_axes(planner, node, x.size());
  if (!axes) return pass_on(axes);
  if (x.size() != 4 || (*axes != Dims{2, 3} && *axes != Dims{3, 2}))
    return fail_node(node, "only the mean over height and width of NxCxHxW is supported");
  const Value mean = add_global_average(planner, node, *source);
  if (node.integer("keepdims", 1) != 0) return mean;
  return view_as(planner, node, mean, {x[0], x[1]});
}

}  // namespace pw
