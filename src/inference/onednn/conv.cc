// SPDX-License-Identifier: GPL-3.0-or-later
// Conv with bias, residual addition and bounds in one primitive.
#include <algorithm>
#include <optional>
#include <utility>

#include "inference/onednn/operators.h"
#include "inference/plan/conv_shape.h"

namespace pw::inference {
namespace {

using Forward = dnnl::convolution_forward;
using dnnl::memory;

memory::desc any_layout(const memory::dims& dims) {
  if (dims.empty()) return {};
  return {dims, memory::data_type::f32, memory::format_tag::any};
}

using Chosen = Forward::primitive_desc;

// The kernel and the layouts that oneDNN likes best.
Chosen describe(const ConvShape& shape, const Node& node, dnnl::algorithm algorithm,
                const dnnl::engine& engine) {
  const Window& w = shape.window;
  const Forward::desc desc(dnnl::prop_kind::forward_inference, algorithm, any_layout(shape.source),
                           any_layout(shape.weights), any_layout(shape.bias), any_layout(shape.output),
                           {w.stride[0], w.stride[1]}, {w.dilation[0] - 1, w.dilation[1] - 1},
                           {w.pad_begin[0], w.pad_begin[1]}, {w.pad_end[0], w.pad_end[1]});
  dnnl::post_ops after;
  if (!node.residual.empty()) after.append_sum(1.0F);
  append_clamp(after, node);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(after);
  return {desc, attributes, engine};
}

memory filled(const memory::desc& desc, const dnnl::engine& engine) {
  memory made(desc, engine);
  std::fill_n(static_cast<float*>(made.get_data_handle()), desc.get_size() / sizeof(float), 1.0F);
  return made;
}

// One run, from and to the layouts of `around`, on memory of its own.
std::function<void()> ready_to_measure(const Chosen& chosen, const Chosen& around,
                                       const dnnl::engine& engine) {
  std::vector<std::pair<dnnl::primitive, Arguments>> steps;
  const auto convert = [&](const memory& from, const memory::desc& desc) {
    if (from.get_desc() == desc) return from;
    const memory to = filled(desc, engine);
    steps.push_back({dnnl::reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}}});
    return to;
  };
  const memory x = convert(filled(around.src_desc(), engine), chosen.src_desc());
  const memory y = filled(chosen.dst_desc(), engine);
  Arguments arguments = {
      {DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}, {DNNL_ARG_WEIGHTS, filled(chosen.weights_desc(), engine)}};
  if (!chosen.bias_desc().is_zero()) arguments[DNNL_ARG_BIAS] = filled(chosen.bias_desc(), engine);
  steps.emplace_back(Forward(chosen), std::move(arguments));
  convert(y, around.dst_desc());
  return [steps, stream = dnnl::stream(engine)]() mutable {
    for (const auto& [primitive, with] : steps) primitive.execute(stream, with);
    stream.wait();
  };
}

Chosen choose(const Planner& planner, const ConvShape& shape, const Node& node) {
  const dnnl::engine& engine = planner.engine();
  const Chosen direct = describe(shape, node, dnnl::algorithm::convolution_direct, engine);
  if (!planner.options().winograd || shape.window.kernel != std::array<std::int64_t, 2>{3, 3}) return direct;
  std::optional<Chosen> winograd;
  try {
    winograd = describe(shape, node, dnnl::algorithm::convolution_winograd, engine);
  } catch (const dnnl::error&) {
    return direct;  // none for this shape or this CPU
  }
  const auto measured = [&](const Chosen& chosen) {
    return [&] { return ready_to_measure(chosen, direct, engine); };
  };
  const std::string work = std::string("onednn fp32 ") + (node.residual.empty() ? "" : "sum ") + shape.text();
  const std::size_t best =
      planner.choose(work, {{"direct", measured(direct)}, {"winograd", measured(*winograd)}});
  return best == 1 ? *winograd : direct;
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
  const auto conv = read_conv(planner, node);
  if (!conv) return pass_on(conv);
  const ConvShape& shape = conv->shape;
  Result<Value> residual;
  const bool add = !node.residual.empty();
  if (add) {
    residual = planner.value(node, node.residual);
    if (!residual) return residual;
    if (residual->desc.dims() != shape.output) {  // an Add that broadcasts
      const auto unfused = plan_conv(planner, without_epilogue(node));
      return unfused ? add_values(planner, node, *unfused, *residual) : unfused;
    }
  }
  const auto chosen = choose(planner, shape, node);
  const Value x = planner.in_layout(node, conv->source, chosen.src_desc());
  const Value y =
      add ? output_on_residual(planner, node, *residual, chosen.dst_desc()) : planner.make(chosen.dst_desc());
  Arguments arguments = {
      {DNNL_ARG_SRC, planner.memory(x)},
      {DNNL_ARG_DST, planner.memory(y)},
      {DNNL_ARG_WEIGHTS,
       planner.constant(conv->weights->floats.data(), plain_desc(shape.weights), chosen.weights_desc())}};
  if (conv->bias)
    arguments[DNNL_ARG_BIAS] =
        planner.constant(conv->bias->floats.data(), plain_desc(shape.bias), chosen.bias_desc());
  planner.add_step(node, Forward(chosen), std::move(arguments));
  return y;
}

}  // namespace pw::inference
