// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as an ONNX file: read, fused and planned, but not run. What is planned has the shape that was
// inferred.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "inference/graph/shapes.h"
#include "inference/network/operators.h"
#include "inference/onnx/read.h"
#include "inference/plan/planner.h"
#include "inference/rewrite/fuse.h"
#include "small_shapes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto graph = pw::inference::parse_onnx({reinterpret_cast<const char*>(data), size});
  if (!graph) return 0;
  const auto shapes = pw::inference::infer_shapes(*graph);
  if (!shapes || !pw::inference::are_small(*shapes)) return 0;
  const std::string output = graph->output;
  pw::inference::fuse(*graph);
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  pw::inference::Planner planner(*graph, engine, pw::inference::operators());
  if (planner.plan() && planner.take().output.desc.dims() != shapes->at(output)) std::abort();
  return 0;
}
