// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as an ONNX file: read, fused and planned, but not run.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inference/fuse.h"
#include "inference/onnx_read.h"
#include "inference/planner.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto graph = pw::parse_onnx({reinterpret_cast<const char*>(data), size});
  if (!graph) return 0;
  pw::fuse(*graph);
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  (void)pw::Planner(*graph, engine).plan();
  return 0;
}
