// SPDX-License-Identifier: GPL-3.0-or-later
// Operators for Backend::blas: on OpenBLAS and vector loops. Where there is no such code for what a node asks
// for, they plan oneDNN's.
#pragma once

#include "base/result.h"
#include "inference/graph/graph.h"
#include "inference/plan/planner.h"
#include "inference/plan/value.h"

namespace pw::inference {

Result<Value> plan_add_blas(Planner& planner, const Node& node);
Result<Value> plan_clamp_blas(Planner& planner, const Node& node);
Result<Value> plan_concat_blas(Planner& planner, const Node& node);
Result<Value> plan_conv_blas(Planner& planner, const Node& node);
Result<Value> plan_gemm_blas(Planner& planner, const Node& node);
Result<Value> plan_global_average_pool_blas(Planner& planner, const Node& node);
Result<Value> plan_pool_blas(Planner& planner, const Node& node);

}  // namespace pw::inference
