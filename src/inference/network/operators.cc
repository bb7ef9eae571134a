// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/network/operators.h"

#include <fmt/format.h>

namespace pw {
namespace {

constexpr Operator kOperators[] = {
    {"Add", plan_binary, plan_add_blas},
    {"AveragePool", plan_pool, plan_pool_blas},
    {"BatchNormalization", plan_batch_norm},
    {"Clip", plan_clamp, plan_clamp_blas},
    {"Concat", plan_concat, plan_concat_blas, Takes::same},
    {"Conv", plan_conv, plan_conv_blas, Takes::narrow, plan_conv_narrow},
    {"Div", plan_binary},
    {"Dropout", plan_identity},
    {"Flatten", plan_view},
    {"Gemm", plan_gemm, plan_gemm_blas, Takes::narrow, plan_gemm_narrow},
    {"GlobalAveragePool", plan_global_average_pool, plan_global_average_pool_blas},
    {"Identity", plan_identity},
    {"LRN", plan_lrn},
    {"MatMul", plan_gemm, plan_gemm_blas, Takes::narrow, plan_gemm_narrow},
    {"MaxPool", plan_pool, plan_pool_blas, Takes::same},
    {"Mul", plan_binary},
    {"Pad", plan_pad},
    {"ReduceMean", plan_reduce_mean},
    {"Relu", plan_clamp, plan_clamp_blas},
    {"Reshape", plan_view},
    {"Sigmoid", plan_sigmoid},
    {"Softmax", plan_softmax},
    {"Squeeze", plan_view},
    {"Sub", plan_binary},
    {"Transpose", plan_transpose},
    {"Unsqueeze", plan_view},
};

}  // namespace

const Operator* find_operator(std::string_view name) {
  for (const Operator& row : kOperators)
    if (row.name == name) return &row;
  return nullptr;
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
