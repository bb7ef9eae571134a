// SPDX-License-Identifier: GPL-3.0-or-later
// Gemm and MatMul with constant weights: fully connected layers.
#include <utility>

#include "inference/onednn/narrow.h"
#include "inference/onednn/operators.h"
#include "inference/plan/dense.h"

namespace pw::inference {
namespace {

using dnnl::memory;

}  // namespace

Result<Value> plan_gemm(Planner& planner, const Node& node) {
  const auto dense = read_dense(planner, node);
  if (!dense) return pass_on(dense);
  const Dims& x = dense->dims;
  const std::int64_t outputs = dense->outputs;
  using InnerProduct = dnnl::inner_product_forward;
  const auto any = [](const Dims& dims) {
    return memory::desc(dims, memory::data_type::f32, memory::format_tag::any);
  };
  const InnerProduct::desc desc(dnnl::prop_kind::forward_inference, any(x), any({outputs, x[1]}),
                                dense->bias.empty() ? memory::desc() : any({outputs}), any({x[0], outputs}));
  const InnerProduct::primitive_desc chosen(desc, clamp_after(node), planner.engine());
  const Value in = planner.in_layout(node, dense->source, chosen.src_desc());
  const Value y = planner.make(chosen.dst_desc());
  Arguments arguments = {
      {DNNL_ARG_SRC, planner.memory(in)},
      {DNNL_ARG_DST, planner.memory(y)},
      {DNNL_ARG_WEIGHTS,
       planner.constant(dense->weights.data(), plain_desc({outputs, x[1]}), chosen.weights_desc())}};
  if (!dense->bias.empty())
    arguments[DNNL_ARG_BIAS] =
        planner.constant(dense->bias.data(), plain_desc({outputs}), chosen.bias_desc());
  planner.add_step(node, InnerProduct(chosen), std::move(arguments));
  return y;
}

Result<Value> plan_gemm_narrow(Planner& planner, const Node& node) {
  const auto dense = read_dense(planner, node);
  if (!dense) return pass_on(dense);
  const Dims& x = dense->dims;
  const std::int64_t outputs = dense->outputs;
  const NarrowMath math = narrow_math(planner, node, dense->weights, dense->bias, outputs);
  using InnerProduct = dnnl::inner_product_forward;
  const auto any = [](const Dims& dims, memory::data_type type) {
    return memory::desc(dims, type, memory::format_tag::any);
  };
  const InnerProduct::desc desc(dnnl::prop_kind::forward_inference, any(x, math.source.type),
                                any({outputs, x[1]}, math.weights_type),
                                math.bias.empty() ? memory::desc() : any({outputs}, memory::data_type::f32),
                                any({x[0], outputs}, math.result.type));
  const InnerProduct::primitive_desc chosen(desc, math.attributes, planner.engine());
  const Value in = planner.reordered(node, dense->source, chosen.src_desc(), math.source.scale);
  Value y = planner.make(chosen.dst_desc());
  y.scale = math.result.scale;
  Arguments arguments = {{DNNL_ARG_SRC, planner.memory(in)},
                         {DNNL_ARG_DST, planner.memory(y)},
                         {DNNL_ARG_WEIGHTS, planner.constant(math.weights.data(), plain_desc({outputs, x[1]}),
                                                             chosen.weights_desc())}};
  if (!math.bias.empty())
    arguments[DNNL_ARG_BIAS] = planner.constant(math.bias.data(), plain_desc({outputs}), chosen.bias_desc());
  planner.add_step(node, InnerProduct(chosen), std::move(arguments));
  return y;
}

}  // namespace pw::inference
