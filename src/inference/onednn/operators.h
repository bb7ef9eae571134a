// SPDX-License-Identifier: GPL-3.0-or-later
// Operators on oneDNN's primitives: one planning function each, and what several of them share.
#pragma once

#include "base/result.h"
#include "inference/graph/graph.h"
#include "inference/plan/planner.h"
#include "inference/plan/value.h"

namespace pw::inference {

Result<Value> plan_batch_norm(Planner& planner, const Node& node);
Result<Value> plan_binary(Planner& planner, const Node& node);  // Add, Sub, Mul, Div
Result<Value> plan_clamp(Planner& planner, const Node& node);   // Relu, Clip
Result<Value> plan_concat(Planner& planner, const Node& node);
Result<Value> plan_conv(Planner& planner, const Node& node);
Result<Value> plan_conv_narrow(Planner& planner, const Node& node);
Result<Value> plan_gemm(Planner& planner, const Node& node);
Result<Value> plan_gemm_narrow(Planner& planner, const Node& node);
Result<Value> plan_global_average_pool(Planner& planner, const Node& node);
Result<Value> plan_identity(Planner& planner, const Node& node);  // and Dropout
Result<Value> plan_lrn(Planner& planner, const Node& node);
Result<Value> plan_pad(Planner& planner, const Node& node);
Result<Value> plan_pool(Planner& planner, const Node& node);  // MaxPool, AveragePool
Result<Value> plan_reduce_mean(Planner& planner, const Node& node);
Result<Value> plan_sigmoid(Planner& planner, const Node& node);
Result<Value> plan_softmax(Planner& planner, const Node& node);
Result<Value> plan_transpose(Planner& planner, const Node& node);
Result<Value> plan_view(Planner& planner, const Node& node);  // Flatten, Reshape, Squeeze, Unsqueeze

// What several operators share.

// a + b (or as node.op is Sub, Mul, Div) with broadcasting; then node.clamp.
Result<Value> add_values(Planner& planner, const Node& node, Value a, Value b);

// The same elements in row-major order under other dimensions of the same number.
Result<Value> view_as(Planner& planner, const Node& node, const Value& value, const Dims& dims);

// Appends node.clamp, where there is one.
void append_clamp(dnnl::post_ops& after, const Node& node);
// Attributes with node.clamp alone.
dnnl::primitive_attr clamp_after(const Node& node);

}  // namespace pw::inference
