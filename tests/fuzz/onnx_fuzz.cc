// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as an ONNX file: read, folded, given a batch, fused and planned, but not run. What is planned has
// the shape that was inferred.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "inference/batch.h"
#include "inference/fuse.h"
#include "inference/onnx_read.h"
#include "inference/planner.h"
#include "inference/shapes.h"

namespace {

void check(bool promise) {
  if (!promise) std::abort();
}

// Small enough to be planned quickly.
bool is_small(const pw::Shapes& shapes) {
  constexpr std::int64_t kMost = 1 << 18;
  return std::all_of(shapes.begin(), shapes.end(),
                     [](const auto& shape) { return pw::tensor_size(shape.second) <= kMost; });
}

void plan(pw::Graph graph, const pw::Shapes& shapes) {
  const std::string output = graph.output;
  pw::fuse(graph);
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  pw::Planner planner(graph, engine);
  if (planner.plan()) check(planner.take().output.desc.dims() == shapes.at(output));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto graph = pw::parse_onnx({reinterpret_cast<const char*>(data), size});
  if (!graph) {
    check(graph.error().kind == pw::Failure::input && !graph.error().what.empty());
    return 0;
  }
  const auto shapes = pw::infer_shapes(*graph);
  if (!shapes || !is_small(*shapes)) return 0;
  plan(*graph, *shapes);
  pw::Graph batched = *graph;
  if (!pw::set_batch(batched, 3)) return 0;
  pw::Dims expected = shapes->at(graph->output);
  expected[0] = 3;
  const auto many = pw::infer_shapes(batched);
  check(many && many->at(batched.output) == expected);
  return 0;
}
