// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as an ONNX file: read, fused and planned, but not run. What is planned has the shape that was
// inferred.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "inference/fuse.h"
#include "inference/onnx_read.h"
#include "inference/planner.h"
#include "inference/shapes.h"

namespace {

// Small enough to be planned quickly.
bool is_small(const pw::Shapes& shapes) {
  constexpr std::int64_t kMost = 1 << 18;
  return std::all_of(shapes.begin(), shapes.end(),
                     [](const auto& shape) { return pw::tensor_size(shape.second) <= kMost; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto graph = pw::parse_onnx({reinterpret_cast<const char*>(data), size});
  if (!graph) return 0;
  const auto shapes = pw::infer_shapes(*graph);
  if (!shapes || !is_small(*shapes)) return 0;
  const std::string output = graph->output;
  pw::fuse(*graph);
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  pw::Planner planner(*graph, engine);
  if (planner.plan() && planner.take().output.desc.dims() != shapes->at(output)) std::abort();
  return 0;
}
