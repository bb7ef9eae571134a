// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/conv_shape.h"

#include <fmt/format.h>

namespace pw::inference {
namespace {

Result<ConvShape> read_shape(const Node& node, const Dims& x, const Tensor& weights, const Tensor* bias) {
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
  ConvShape shape{*window, groups, x, {x[0], w[0], window->output[0], window->output[1]}, w, {}};
  if (groups > 1) shape.weights = {groups, w[0] / groups, w[1], w[2], w[3]};
  if (bias) shape.bias = {w[0]};
  if (element_count(shape.output) < 0)
    return fail_node(node, fmt::format("its result of {} is too large", dims_text(shape.output)));
  return shape;
}

}  // namespace

std::string ConvShape::text() const {
  const Window& w = window;
  return fmt::format("{} {} stride {}x{} dilation {}x{} pads {}x{}x{}x{}", dims_text(source),
                     dims_text(weights), w.stride[0], w.stride[1], w.dilation[0], w.dilation[1],
                     w.pad_begin[0], w.pad_begin[1], w.pad_end[0], w.pad_end[1]);
}

Result<ConvParts> read_conv(const Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return pass_on(source);
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
  return ConvParts{*shape, *source, *weights, bias};
}

Node without_epilogue(const Node& node) {
  Node conv = node;
  conv.residual.clear();
  conv.clamp.reset();
  return conv;
}

}  // namespace pw::inference
