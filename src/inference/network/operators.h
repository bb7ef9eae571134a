// SPDX-License-Identifier: GPL-3.0-or-later
// The operators that can be run: one row each in operators.cc, one planning function each in op_*.cc.
#pragma once

#include <string_view>

#include "inference/graph/graph.h"
#include "inference/plan/planner.h"

namespace pw {

// Adds the steps that compute node.outputs[0] and returns where it will be. Errors name the node. oneDNN's
// exceptions and std::bad_alloc are the caller's to turn into errors.
using PlanFunction = Result<Value> (*)(Planner& planner, const Node& node);

// What an operator reads where the network is narrower than floats.
enum class Takes {
  floats,  // made out of what is there
  same,    // what is there; where several are put together: all in the format of the result
  narrow,  // what its `narrow` asks for
};

struct Operator {
  std::string_view name;  // ONNX's
  PlanFunction plan;
  PlanFunction blas = nullptr;  // for Backend::blas; none: `plan`, where oneDNN's plain code is good enough
  Takes takes = Takes::floats;
  PlanFunction narrow = nullptr;  // for bf16 and int8
};

// nullptr where there is none of that name.
const Operator* find_operator(std::string_view name);

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

// For Backend::blas.
Result<Value> plan_add_blas(Planner& planner, const Node& node);
Result<Value> plan_clamp_blas(Planner& planner, const Node& node);
Result<Value> plan_concat_blas(Planner& planner, const Node& node);
Result<Value> plan_conv_blas(Planner& planner, const Node& node);
Result<Value> plan_gemm_blas(Planner& planner, const Node& node);
Result<Value> plan_global_average_pool_blas(Planner& planner, const Node& node);
Result<Value> plan_pool_blas(Planner& planner, const Node& node);

// What several operators share.

// a + b (or as node.op is Sub, Mul, Div) with broadcasting; then node.clamp.
Result<Value> add_values(Planner& planner, const Node& node, Value a, Value b);

// The same elements in row-major order under other dimensions of the same number.
Result<Value> view_as(Planner& planner, const Node& node, const Value& value, const Dims& dims);

// An error where the value is not NxCxHxW.
Result<> check_image(const Node& node, const Value& value);

// Appends node.clamp, where there is one.
void append_clamp(dnnl::post_ops& after, const Node& node);
// Attributes with node.clamp alone.
dnnl::primitive_attr clamp_after(const Node& node);

}  // namespace pw
