// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/operators.h"

#include <fmt/format.h>

namespace pw {
namespace {

constexpr Operator kOperators[] = {
    {"Add", plan_add},
    {"AveragePool", plan_pool},
    {"BatchNormalization", plan_batch_norm},
    {"Conv", plan_conv},
    {"Flatten", plan_flatten},
    {"Gemm", plan_gemm},
    {"GlobalAveragePool", plan_global_average_pool},
    {"MatMul", plan_gemm},
    {"MaxPool", plan_pool},
    {"Pad", plan_pad},
    {"ReduceMean", plan_reduce_mean},
    {"Relu", plan_relu},
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

dnnl::primitive_attr relu_after(const Node& node) {
  dnnl::primitive_attr attributes;
  if (!node.relu) return attributes;
  dnnl::post_ops after;
  after.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
  attributes.set_post_ops(after);
  return attributes;
}

}  // namespace pw
