// SPDX-License-Identifier: GPL-3.0-or-later
// Relu, Clip, Sigmoid, Add, Sub, Mul, Div and BatchNormalization where they are not part of a convolution.
#include <fmt/format.h>

#include <utility>

#include "inference/graph/node_readers.h"
#include "inference/graph/shapes.h"
#include "inference/onednn/operators.h"

namespace pw::inference {
namespace {

using dnnl::memory;

dnnl::algorithm algorithm_of(const Node& node) {
  if (node.op == "Mul") return dnnl::algorithm::binary_mul;
  if (node.op == "Sub") return dnnl::algorithm::binary_sub;
  if (node.op == "Div") return dnnl::algorithm::binary_div;
  return dnnl::algorithm::binary_add;  // also a convolution's residual
}

// Whether `small` is `large` but for ones.
bool broadcasts(const Dims& small, const Dims& large) {
  for (std::size_t i = 0; i < large.size(); ++i)
    if (small[i] != large[i] && small[i] != 1) return false;
  return true;
}

// `b` is of a's dimensions but for ones.
Value add_binary(Planner& planner, const Node& node, dnnl::algorithm how, const Value& a, const Value& b,
                 const dnnl::primitive_attr& after) {
  const dnnl::binary::desc desc(how, a.desc, b.desc, a.desc);
  const dnnl::binary::primitive_desc chosen(desc, after, planner.engine());
  const Value y = planner.make(chosen.dst_desc());
  planner.add_step(node, dnnl::binary(chosen),
                   {{DNNL_ARG_SRC_0, planner.memory(a)},
                    {DNNL_ARG_SRC_1, planner.memory(b)},
                    {DNNL_ARG_DST, planner.memory(y)}});
  return y;
}

Value constant_value(Planner& planner, const std::vector<float>& floats, const Dims& dims) {
  const memory made = planner.constant(floats.data(), plain_desc(dims), plain_desc(dims));
  const BufferPool::Buffer owner(made.get_data_handle(), [made](void*) {});
  planner.keep(owner);
  return Value{made.get_desc(), owner};
}

// Where only the left side is repeated: zeros of the result's dimensions plus that side.
Value repeated(Planner& planner, const Node& node, const Value& value, const Dims& dims) {
  const std::vector<float> zeros(static_cast<std::size_t>(element_count(dims)));
  return add_binary(planner, node, dnnl::algorithm::binary_add, constant_value(planner, zeros, dims), value,
                    {});
}

// An activation or a constant.
Result<Value> operand(Planner& planner, const Node& node, const std::string& tensor) {
  if (!planner.graph().constants.contains(tensor)) return planner.value(node, tensor);
  const auto constant = planner.weights(node, tensor);
  if (!constant) return pass_on(constant);
  return constant_value(planner, (*constant)->floats, with_rank((*constant)->dims, 1));
}

}  // namespace

Result<Value> plan_clamp(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const auto clamp = read_clamp(planner.graph(), node);
  if (!clamp) return pass_on(clamp);
  const dnnl::eltwise_forward::desc desc(dnnl::prop_kind::forward_inference, dnnl::algorithm::eltwise_clip,
                                         source->desc, clamp->low, clamp->high);
  const Value y = planner.make(source->desc);
  planner.add_step(node, dnnl::eltwise_forward({desc, planner.engine()}),
                   {{DNNL_ARG_SRC, planner.memory(*source)}, {DNNL_ARG_DST, planner.memory(y)}});
  return y;
}

Result<Value> plan_sigmoid(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const dnnl::eltwise_forward::desc desc(dnnl::prop_kind::forward_inference,
                                         dnnl::algorithm::eltwise_logistic, source->desc, 0.0F, 0.0F);
  const Value y = planner.make(source->desc);
  planner.add_step(node, dnnl::eltwise_forward({desc, planner.engine()}),
                   {{DNNL_ARG_SRC, planner.memory(*source)}, {DNNL_ARG_DST, planner.memory(y)}});
  return y;
}

Result<Value> add_values(Planner& planner, const Node& node, Value a, Value b) {
  const dnnl::algorithm how = algorithm_of(node);
  if (a.desc.dims() == b.desc.dims())
    return add_binary(planner, node, how, a, planner.in_layout(node, b, a.desc), clamp_after(node));
  const auto dims = broadcast_shape(planner.graph(), node, {a.desc.dims(), b.desc.dims()});
  if (!dims) return pass_on(dims);
  if (element_count(*dims) < 0)
    return fail_node(node, fmt::format("its result of {} is too large", dims_text(*dims)));
  auto left = view_as(planner, node, a, with_rank(a.desc.dims(), dims->size()));
  auto right = view_as(planner, node, b, with_rank(b.desc.dims(), dims->size()));
  if (!left || !right) return left ? right : left;
  const bool commutes = how == dnnl::algorithm::binary_add || how == dnnl::algorithm::binary_mul;
  if (commutes && left->desc.dims() != *dims && broadcasts(left->desc.dims(), right->desc.dims()))
    std::swap(left, right);
  if (left->desc.dims() != *dims) left = repeated(planner, node, *left, *dims);
  return add_binary(planner, node, how, *left, *right, clamp_after(node));
}

Result<Value> plan_binary(Planner& planner, const Node& node) {
  const auto a = operand(planner, node, node.input(0)), b = operand(planner, node, node.input(1));
  if (!a || !b) return a ? b : a;
  return add_values(planner, node, *a, *b);
}

Result<Value> plan_batch_norm(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const Dims x = source->desc.dims();
  if (x.size() < 2) return fail_node(node, "an input without channels");
  if (is_training(planner.graph(), node)) return fail_node(node, "training_mode is not supported");
  if (node.integer("spatial", 1) == 0) return fail_node(node, "spatial = 0 is not supported");
  const Tensor* parameters[4];  // scale, shift, mean, variance
  for (std::size_t i = 0; i < 4; ++i) {
    const auto read = planner.weights(node, node.input(i + 1));
    if (!read) return pass_on(read);
    parameters[i] = *read;
    if ((*read)->dims != Dims{x[1]})
      return fail_node(node, fmt::format("parameters of {} for {} channels", dims_text((*read)->dims), x[1]));
  }
  using dnnl::normalization_flags;
  const auto flags = normalization_flags::use_global_stats | normalization_flags::use_scale |
                     normalization_flags::use_shift |
                     (node.clamp ? normalization_flags::fuse_norm_relu : normalization_flags::none);
  const dnnl::batch_normalization_forward::desc desc(dnnl::prop_kind::forward_inference, source->desc,
                                                     node.number("epsilon", 1e-5F), flags);
  const dnnl::batch_normalization_forward::primitive_desc chosen(desc, planner.engine());
  const Value y = planner.make(chosen.dst_desc());
  const auto constant = [&](std::size_t i) {
    const memory::desc plain = plain_desc({x[1]});
    return planner.constant(parameters[i]->floats.data(), plain, plain);
  };
  planner.add_step(node, dnnl::batch_normalization_forward(chosen),
                   {{DNNL_ARG_SRC, planner.memory(*source)},
                    {DNNL_ARG_DST, planner.memory(y)},
                    {DNNL_ARG_SCALE, constant(0)},
                    {DNNL_ARG_SHIFT, constant(1)},
                    {DNNL_ARG_MEAN, constant(2)},
                    {DNNL_ARG_VARIANCE, constant(3)}});
  return y;
}

}  // namespace pw::inference
