// SPDX-License-Identifier: GPL-3.0-or-later
// Conv in bf16 or 8 bits, with bias, residual addition and bounds in one primitive.
#include "inference/onednn/narrow.h"
#include "inference/onednn/operators.h"
#include "inference/plan/conv_shape.h"

namespace pw::inference {
namespace {

using Forward = dnnl::convolution_forward;
using dnnl::memory;

memory::desc any_narrow(const memory::dims& dims, memory::data_type type) {
  if (dims.empty()) return {};
  return {dims, type, memory::format_tag::any};
}

Forward::primitive_desc choose_narrow(const ConvShape& shape, const NarrowMath& math,
                                      const dnnl::engine& engine) {
  const Window& w = shape.window;
  const Forward::desc desc(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
      any_narrow(shape.source, math.source.type), any_narrow(shape.weights, math.weights_type),
      any_narrow(shape.bias, memory::data_type::f32), any_narrow(shape.output, math.result.type),
      {w.stride[0], w.stride[1]}, {w.dilation[0] - 1, w.dilation[1] - 1}, {w.pad_begin[0], w.pad_begin[1]},
      {w.pad_end[0], w.pad_end[1]});
  return {desc, math.attributes, engine};
}

// The residual where the sum will be: in place where nothing else reads it, else a copy.
Value narrow_on_residual(Planner& planner, const Node& node, const Format& format,
                         const memory::desc& result) {
  const Value residual = *planner.value(node, node.residual);
  const memory::desc wanted = with_type(result, format.type);
  if (residual.desc == wanted && residual.scale == format.scale &&
      planner.may_overwrite(node.residual, residual))
    return residual;
  const Value copy = planner.make(wanted);
  planner.add_reorder(node, residual, copy, format.scale);
  return copy;
}

}  // namespace

Result<Value> plan_conv_narrow(Planner& planner, const Node& node) {
  const auto conv = read_conv(planner, node);
  if (!conv) return pass_on(conv);
  const ConvShape& shape = conv->shape;
  if (!node.residual.empty()) {
    const auto residual = planner.value(node, node.residual);
    if (!residual) return residual;
    if (residual->desc.dims() != shape.output) {  // an Add that broadcasts
      Node conv_alone = without_epilogue(node);
      conv_alone.outputs[0].clear();  // no tensor, so that it is in floats
      const auto unfused = plan_conv_narrow(planner, conv_alone);
      if (!unfused) return unfused;
      return add_values(planner, node, planner.in_format(node, *unfused, {}),
                        planner.in_format(node, *residual, {}));
    }
  }
  const NarrowMath math =
      narrow_math(planner, node, conv->weights->floats,
                  conv->bias ? conv->bias->floats : std::vector<float>{}, shape.output[1]);
  const auto chosen = choose_narrow(shape, math, planner.engine());
  const Value x = planner.reordered(node, conv->source, chosen.src_desc(), math.source.scale);
  Value y = node.residual.empty() ? planner.make(chosen.dst_desc())
                                  : narrow_on_residual(planner, node, math.residual, chosen.dst_desc());
  y.desc = chosen.dst_desc();
  y.scale = math.result.scale;
  Arguments arguments = {{DNNL_ARG_SRC, planner.memory(x)},
                         {DNNL_ARG_DST, planner.memory(y)},
                         {DNNL_ARG_WEIGHTS, planner.constant(math.weights.data(), plain_desc(shape.weights),
                                                             chosen.weights_desc())}};
  if (conv->bias)
    arguments[DNNL_ARG_BIAS] = planner.constant(math.bias.data(), plain_desc(shape.bias), chosen.bias_desc());
  planner.add_step(node, Forward(chosen), std::move(arguments));
  return y;
}

}  // namespace pw::inference
