// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as an ONNX file: read and folded, its shapes inferred, given a batch, fused. plan_fuzz goes on
// from there.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "inference/graph/batch.h"
#include "inference/graph/shapes.h"
#include "inference/onnx/read.h"
#include "inference/rewrite/fuse.h"
#include "small_shapes.h"

namespace {

void check(bool promise) {
  if (!promise) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto graph = pw::inference::parse_onnx({reinterpret_cast<const char*>(data), size});
  if (!graph) {
    check(graph.error().kind == pw::Failure::input && !graph.error().what.empty());
    return 0;
  }
  const auto shapes = pw::inference::infer_shapes(*graph);
  if (!shapes || !shapes->contains(graph->output)) return 0;  // no second result, which the planner refuses
  constexpr std::int64_t kBatch = 3;
  if (pw::inference::Graph batched = *graph;
      pw::inference::are_small(*shapes) && pw::inference::set_batch(batched, kBatch)) {
    pw::inference::Dims expected = shapes->at(graph->output);
    if (graph->input_dims[0] != kBatch) expected[0] = kBatch;
    const auto many = pw::inference::infer_shapes(batched);
    check(many && many->at(batched.output) == expected);
  }
  pw::inference::fuse(*graph);
  return 0;
}
