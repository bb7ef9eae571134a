// SPDX-License-Identifier: GPL-3.0-or-later
// Gemm and MatMul with constant weights: fully connected layers.
#include <algorithm>
#include <memory>
#include <utility>

#include "inference/blas/blas.h"
#include "inference/blas/operators.h"
#include "inference/ground/team.h"
#include "inference/ground/vector_loops.h"
#include "inference/plan/dense.h"

namespace pw::inference {
namespace {

constexpr std::int64_t kOutputsAtOnce = 64;  // outputs a thread takes at once

// Rows of `x` (rows x inputs), outputs `first` to `first + count`.
void compute(const Dense& dense, const float* x, float* y, Bounds bounds, std::int64_t first,
             std::int64_t count) {
  const std::int64_t inputs = dense.dims[1];
  multiply_by_rows(dense.dims[0], count, inputs, x, dense.weights.data() + first * inputs, y + first,
                   dense.outputs);
  for (std::int64_t row = 0; row < dense.dims[0]; ++row) {
    float* const out = y + row * dense.outputs + first;
    if (dense.bias.empty())
      clamp_row(out, out, bounds, count);
    else
      add_rows(out, dense.bias.data() + first, out, bounds, count);
  }
}

}  // namespace

Result<Value> plan_gemm_blas(Planner& planner, const Node& node) {
  auto read = read_dense(planner, node);
  if (!read) return pass_on(read);
  const Value x = planner.row_major(node, read->source);
  const Value y = planner.make(plain_desc({read->dims[0], read->outputs}));
  const auto dense = std::make_shared<const Dense>(std::move(*read));
  planner.add_step(
      {{node.name, node.op, "blas dense", dense->dims, y.desc.dims()},
       [dense, in = static_cast<const float*>(x.buffer.get()), out = static_cast<float*>(y.buffer.get()),
        bounds = bounds_of(node)](dnnl::stream&) {
         parallel_for((dense->outputs + kOutputsAtOnce - 1) / kOutputsAtOnce, [&](std::int64_t index, int) {
           const std::int64_t first = index * kOutputsAtOnce;
           compute(*dense, in, out, bounds, first, std::min(kOutputsAtOnce, dense->outputs - first));
         });
       }});
  return y;
}

}  // namespace pw::inference
