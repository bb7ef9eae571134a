// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/network/operators.h"

#include "inference/blas/operators.h"
#include "inference/onednn/operators.h"

namespace pw::inference {
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

Operators operators() { return kOperators; }

}  // namespace pw::inference
