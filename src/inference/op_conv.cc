// SPDX-License-Identifier: GPL-3.0-or-later
// Conv with bias, residual addition and bounds in one primitive.
#include <fmt/format.h>

#include "inference/operators.h"
#include "inference/window.h"

namespace pw {
namespace {

using Forward = dnnl::convolution_forward;
using dnnl::memory;

struct Shape {
  Window window;
  memory::dims source, weights, bias, output;  // weights: OIHW, or GOIHW where there are groups
};

Result<Shape> read_shape(const Node& node, const memory::dims& x, const Tensor& weights, const Tensor* bias) {
  const Dims& w = weights.dims;
  const std::int64_t groups = node.integer("group", 1);
  if (w.size() != 4) return fail_node(node, fmt::format("weights of {}, not OxIxHxW", dims_text(w)));
  if (groups < 1 || groups > x[1] || x[1] % groups != 0 || w[0] % groups != 0 || w[1] * groups != x[1])
    return fail_node(node, fmt::format("weights of {} in {} groups do not fit an input of {}", dims_text(w),
                                       groups, dims_text(x)));
  const std::vector<std::int64_t> kernel = node.integers("kernel_shape");
  if (!kernel.empty() && kernel != std::vector<std::int64_t>{w[2], w[3]})
    return fail_node(node, fmt::format("kernel_shape does not fit weights of {}", dims_text(w)));
  if (bias && bias->dims != Dims{w[0]})
    return fail_node(node, fmt::format("a bias of {} for {} channels", dims_text(bias->dims), w[0]));
  const auto window = read_window(node, {w[2], w[3]}, {x[2], x[3]});
  if (!window) return pass_on(window);
  Shape shape{*window, x, w, {}, {x[0], w[0], window->output[0], window->output[1]}};
  if (groups > 1) shape.weights = {groups, w[0] / groups, w[1], w[2], w[3]};
  if (bias) shape.bias = {w[0]};
  if (element_count(shape.output) < 0)
    return fail_node(node, fmt::format("its result of {} is too large", dims_text(shape.output)));
  return shape;
}

memory::desc any_layout(const memory::dims& dims) {
  if (dims.empty()) return {};
  return {dims, memory::data_type::f32, memory::format_tag::any};
}

// The kernels and layouts that oneDNN likes best.
Forward::primitive_desc choose(const Shape& shape, const Node& node, bool add_to_output,
                               const dnnl::engine& engine) {
  const Window& w = shape.window;
  const Forward::desc desc(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, any_layout(shape.source),
      any_layout(shape.weights), any_layout(shape.bias), any_layout(shape.output), {w.stride[0], w.stride[1]},
      {w.dilation[0] - 1, w.dilation[1] - 1}, {w.pad_begin[0], w.pad_begin[1]}, {w.pad_end[0], w.pad_end[1]});
  dnnl::post_ops after;
  if (add_to_output) after.append_sum(1.0F);
  append_clamp(after, node);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(after);
  return {desc, attributes, engine};
}

// The residual where the sum will be: in place where nothing else reads it, else a copy.
Value output_on_residual(Planner& planner, const Node& node, const Value& residual,
                         const memory::desc& wanted) {
  if (residual.desc == wanted && planner.may_overwrite(node.residual, residual)) return residual;
  if (residual.desc != wanted) return planner.in_layout(node, residual, wanted);
  const Value copy = planner.make(wanted);
  const memory from = planner.memory(residual), to = planner.memory(copy);
  planner.add_step(node, dnnl::reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  return copy;
}

}  // namespace

Result<Value> plan_conv(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  if (auto image = check_image(node, *source); !image) return pass_on(image);
  const auto weights = planner.weights(node, node.input(1));
  if (!weights) return pass_on(weights);
  const Tensor* bias = nullptr;
  if (!node.input(2).empty()) {
    const auto read = planner.weights(node, node.input(2));
    if (!read) return pass_on(read);
    bias = *read;
  }
  const auto shape = read_shape(node, source->desc.dims(), **weights, bias);
  if (!shape) return pass_on(shape);

  Result<Value> residual;
  if (!node.residual.empty()) {
    residual = planner.value(node, node.residual);
    if (!residual) return residual;
    if (residual->desc.dims() != shape->output) {  // an Add that broadcasts
      Node conv = node;
      conv.residual.clear();
      conv.clamp.reset();
      const auto unfused = plan_conv(planner, conv);
      return unfused ? add_values(planner, node, *unfused, *residual) : unfused;
    }
  }
  const bool add = !node.residual.empty();
  const auto chosen = choose(*shape, node, add, planner.engine());
  const Value x = planner.in_layout(node, *source, chosen.src_desc());
  const Value y =
      add ? output_on_residual(planner, node, *residual, chosen.dst_desc()) : planner.make(chosen.dst_desc());
  Arguments arguments = {
      {DNNL_ARG_SRC, planner.memory(x)},
      {DNNL_ARG_DST, planner.memory(y)},
      {DNNL_ARG_WEIGHTS,
       planner.constant((*weights)->floats.data(), plain_desc(shape->weights), chosen.weights_desc())}};
  if (bias)
    arguments[DNNL_ARG_BIAS] =
        planner.constant(bias->floats.data(), plain_desc(shape->bias), chosen.bias_desc());
  planner.add_step(node, Forward(chosen), std::move(arguments));
  return y;
}

}  // namespace pw
