// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/operators.h"

#include <fmt/format.h>

namespace pw {
namespace {

constexpr Operator kOperators[] = {
    {"Add", plan_add, plan_add_blas},
    {"AveragePool", plan_pool, plan_pool_blas},
    {"BatchNormalization", plan_batch_norm},
    {"Clip", plan_clamp, plan_clamp_blas},
    {"Concat", plan_concat, plan_concat_blas, Takes::same},
    {"Conv", plan_conv, plan_conv_blas, Takes::narrow, plan_conv_narrow},
    {"Flatten", plan_flatten},
    {"Gemm", plan_gemm, plan_gemm_blas, Takes::narrow, plan_gemm_narrow},
    {"GlobalAveragePool", plan_global_average_pool, plan_global_average_pool_blas},
    {"MatMul", plan_gemm, plan_gemm_blas, Takes::narrow, plan_gemm_narrow},
    {"MaxPool", plan_pool, plan_pool_blas, Takes::same},
    {"Pad", plan_pad},
    {"ReduceMean", plan_reduce_mean},
    {"Relu", plan_clamp, plan_clamp_blas},
    {"Reshape", plan_reshape},
    {"Softmax", plan_softmax},
    {"Squeeze", plan_squeeze},
    {"Transpose", plan_transpose},
    {"Unsqueeze", plan_squeeze},
};

}  // namespace

const Operator* find_operator(std::string_view name) {
  for (const Operator& row : kOperators)
    if (row.name == name) return &row;
  return nullptr;
}

Result<std::size_t> checked_axis(const Node& node, std::int64_t axis, std::size_t rank) {
  const auto dimensions = static_cast<std::int64_t>(rank);
  if (axis < -dimensions || axis >= dimensions)
    return fail_node(node, fmt::format("axis {} of a tensor of {} dimensions", axis, rank));
  return static_cast<std::size_t>(axis < 0 ? axis + dimensions : axis);
}

Result<> check_image(const Node& node, const Value& value) {
  if (value.desc.dims().size() == 4) return {};
  return fail_node(node,
                   fmt::format("wants a batch of images NxCxHxW and gets {}", dims_text(value.desc.dims())));
}

void append_clamp(dnnl::post_ops& after, const Node& node) {
  if (!node.clamp) return;
  if (node.clamp->is_relu())
    after.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
  else
    after.append_eltwise(1.0F, dnnl::algorithm::eltwise_clip, node.clamp->low, node.clamp->high);
}

dnnl::primitive_attr clamp_after(const Node& node) {
  dnnl::primitive_attr attributes;
  dnnl::post_ops after;
  append_clamp(after, node);
  attributes.set_post_ops(after);
  return attributes;
}

}  // namespace pw
