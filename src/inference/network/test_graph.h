// SPDX-License-Identifier: GPL-3.0-or-later
// For the tests: small graphs, built here and run without a file.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "inference/blas/blas.h"
#include "inference/graph/batch.h"
#include "inference/graph/shapes.h"
#include "inference/ground/test_floats.h"
#include "inference/network/operators.h"
#include "inference/onnx/read.h"
#include "inference/onnx/write.h"
#include "inference/plan/network_options.h"
#include "inference/plan/planner.h"
#include "inference/rewrite/fuse.h"

namespace pw::inference::test {

// The output of a graph for one input, row-major. Planned and run as Network does it; `fused` false leaves
// fuse() out, with the same answer; a batch in `options` is for set_batch(); the candidate called `preferred`
// is taken where there is one. Runs twice and gives the second answer, to catch memory written over.
inline Result<Floats> run_graph(std::string_view bytes, const Floats& input, bool fused = true,
                                const NetworkOptions& options = {}, const std::string& preferred = {}) {
  auto graph = parse_onnx(bytes);
  if (!graph) return pass_on(graph);
  if (options.batch > 1)
    if (auto batched = set_batch(*graph, options.batch); !batched) return pass_on(batched);
  const auto shapes = infer_shapes(*graph);
  const std::string output_name = graph->output;
  if (fused) fuse(*graph);
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const auto choice = [&preferred](const std::string&, const std::vector<Candidate>& candidates) {
    std::size_t index = candidates.size();
    while (index > 0 && candidates[index - 1].name != preferred) --index;
    return index > 0 ? index - 1 : 0;
  };
  Planner planner(*graph, engine, operators(), options, choice);
  if (planner.options().backend == Backend::blas) use_one_blas_thread();
  if (auto planned = planner.plan(); !planned) return pass_on(planned);
  const Planner::Made made = planner.take();
  if (input.size() * sizeof(float) != made.input.desc.get_size()) return fail(Failure::input, "input size");
  if (!shapes || shapes->at(output_name) != made.output.desc.dims())
    return fail(Failure::input, "the inferred shape is another");
  Floats output(made.output.desc.get_size() / sizeof(float));
  for (int run = 0; run < 2; ++run) {
    std::memcpy(made.input.buffer.get(), input.data(), input.size() * sizeof(float));
    for (const Step& step : made.steps) step.run(stream);
    stream.wait();
    std::memcpy(output.data(), made.output.buffer.get(), output.size() * sizeof(float));
  }
  return output;
}

}  // namespace pw::inference::test
