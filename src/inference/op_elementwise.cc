// SPDX-License-Identifier: GPL-3.0-or-later
// Relu, Clip, Add, BatchNormalization where they are not part of a convolution.
#include <fmt/format.h>

#include <cmath>

#include "inference/node_readers.h"
#include "inference/operators.h"

namespace pw {
namespace {

using dnnl::memory;

// Dimensions of `dims` with ones before them, up to `rank`.
Dims with_rank(const Dims& dims, std::size_t rank) {
  Dims longer(rank - dims.size(), 1);
  longer.insert(longer.end(), dims.begin(), dims.end());
  return longer;
}

// Whether `small` is `large` but for ones.
bool broadcasts(const Dims& small, const Dims& large) {
  for (std::size_t i = 0; i < large.size(); ++i)
    if (small[i] != large[i] && small[i] != 1) return false;
  return true;
}

Value add_binary(Planner& planner, const Node& node, const Value& a, const memory& b) {
  const dnnl::binary::desc desc(dnnl::algorithm::binary_add, a.desc, b.get_desc(), a.desc);
  const dnnl::binary::primitive_desc chosen(desc, clamp_after(node), planner.engine());
  const Value y = planner.make(chosen.dst_desc());
  planner.add_step(
      node, dnnl::binary(chosen),
      {{DNNL_ARG_SRC_0, planner.memory(a)}, {DNNL_ARG_SRC_1, b}, {DNNL_ARG_DST, planner.memory(y)}});
  return y;
}

Result<Value> add_constant(Planner& planner, const Node& node, const Value& a, const Tensor& b) {
  const Dims large = a.desc.dims();
  if (b.dims.size() > large.size() || !broadcasts(with_rank(b.dims, large.size()), large))
    return fail_node(node,
                     fmt::format("adding {} to {} is not supported", dims_text(b.dims), dims_text(large)));
  const memory::desc plain = plain_desc(with_rank(b.dims, large.size()));
  return add_binary(planner, node, a, planner.constant(b.floats.data(), plain, plain));
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

Result<Value> add_values(Planner& planner, const Node& node, Value a, Value b) {
  if (a.desc.dims() == b.desc.dims())
    return add_binary(planner, node, a, planner.memory(planner.in_layout(node, b, a.desc)));
  const std::size_t rank = std::max(a.desc.dims().size(), b.desc.dims().size());
  const Dims a_dims = with_rank(a.desc.dims(), rank), b_dims = with_rank(b.desc.dims(), rank);
  auto a_view = view_as(planner, node, a, a_dims), b_view = view_as(planner, node, b, b_dims);
  if (!a_view || !b_view) return a_view ? b_view : a_view;
  if (broadcasts(b_dims, a_dims)) return add_binary(planner, node, *a_view, planner.memory(*b_view));
  if (broadcasts(a_dims, b_dims)) return add_binary(planner, node, *b_view, planner.memory(*a_view));
  return fail_node(node,
                   fmt::format("adding {} to {} is not supported", dims_text(b_dims), dims_text(a_dims)));
}

Result<Value> plan_add(Planner& planner, const Node& node) {
  const std::string left = node.input(0), right = node.input(1);
  for (const auto& [tensor, other] : {std::pair{left, right}, std::pair{right, left}}) {
    if (!planner.graph().constants.contains(tensor)) continue;
    const auto addend = planner.weights(node, tensor);
    if (!addend) return pass_on(addend);
    const auto value = planner.value(node, other);
    return value ? add_constant(planner, node, *value, **addend) : value;
  }
  const auto a = planner.value(node, left), b = planner.value(node, right);
  if (!a || !b) return a ? b : a;
  return add_values(planner, node, *a, *b);
}

Result<Value> plan_batch_norm(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const Dims x = source->desc.dims();
  if (x.size() < 2) return fail_node(node, "an input without channels");
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

}  // namespace pw
