// SPDX-License-Identifier: GPL-3.0-or-later
// Add, Relu and Clip with vector loops, where no convolution takes them in.
#include <algorithm>

#include "inference/blas/operators.h"
#include "inference/graph/node_readers.h"
#include "inference/ground/team.h"
#include "inference/ground/vector_loops.h"
#include "inference/onednn/operators.h"

namespace pw::inference {
namespace {

constexpr std::int64_t kPiece = 16384;  // numbers a thread takes at once

// Calls row(first, count) for all of `size` numbers.
template <typename Row>
void in_pieces(std::int64_t size, const Row& row) {
  parallel_for((size + kPiece - 1) / kPiece, [&](std::int64_t index, int) {
    row(index * kPiece, std::min(kPiece, size - index * kPiece));
  });
}

}  // namespace

Result<Value> plan_clamp_blas(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const auto clamp = read_clamp(planner.graph(), node);
  if (!clamp) return pass_on(clamp);
  const Value x = planner.row_major(node, *source), y = planner.make(x.desc);
  const Dims dims = y.desc.dims();
  planner.add_step(
      {{node.name, node.op, "vector loops", dims, dims},
       [from = static_cast<const float*>(x.buffer.get()), to = static_cast<float*>(y.buffer.get()),
        bounds = Bounds{clamp->low, clamp->high}, size = element_count(dims)](dnnl::stream&) {
         in_pieces(size,
                   [&](std::int64_t i, std::int64_t count) { clamp_row(from + i, to + i, bounds, count); });
       }});
  return y;
}

Result<Value> plan_add_blas(Planner& planner, const Node& node) {
  const auto& constants = planner.graph().constants;
  const std::string left = node.input(0), right = node.input(1);
  if (constants.contains(left) || constants.contains(right)) return plan_binary(planner, node);
  const auto a = planner.value(node, left), b = planner.value(node, right);
  if (!a || !b) return a ? b : a;
  if (a->desc.dims() != b->desc.dims()) return add_values(planner, node, *a, *b);
  const Value x = planner.row_major(node, *a), other = planner.row_major(node, *b), y = planner.make(x.desc);
  const Dims dims = y.desc.dims();
  planner.add_step(
      {{node.name, node.op, "vector loops", dims, dims},
       [p = static_cast<const float*>(x.buffer.get()), q = static_cast<const float*>(other.buffer.get()),
        to = static_cast<float*>(y.buffer.get()), bounds = bounds_of(node),
        size = element_count(dims)](dnnl::stream&) {
         in_pieces(size, [&](std::int64_t i, std::int64_t count) {
           add_rows(p + i, q + i, to + i, bounds, count);
         });
       }});
  return y;
}

}  // namespace pw::inference
