// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "inference/graph/node_readers.h"
#include "inference/graph/shapes.h"
#include "inference/onednn/operators.h"

namespace pw::inference {

Result<Value> plan_concat(Planner& planner, const Node& node) {
  constexpr std::size_t kMostInputs = 64;
  if (node.inputs.empty() || node.inputs.size() > kMostInputs)
    return fail_node(node, fmt::format("{} inputs; 1 to {} are supported", node.inputs.size(), kMostInputs));
  std::vector<Value> sources;
  std::vector<dnnl::memory::desc> descs;
  std::vector<Dims> shapes;
  for (const std::string& input : node.inputs) {
    const auto source = planner.value(node, input);
    if (!source) return source;
    sources.push_back(*source);
    descs.push_back(source->desc);
    shapes.push_back(source->desc.dims());
  }
  const auto sum = concat_shape(planner.graph(), node, shapes);
  if (!sum) return pass_on(sum);
  const auto axis = checked_axis(node, node.integer("axis", 1), sum->size());
  if (!axis) return pass_on(axis);
  if (element_count(*sum) < 0)
    return fail_node(node, fmt::format("its result of {} is too large", dims_text(*sum)));
  const dnnl::concat::primitive_desc chosen(static_cast<int>(*axis), descs, planner.engine());
  Value y = planner.make(chosen.dst_desc());
  y.scale = sources[0].scale;
  std::unordered_map<int, dnnl::memory> arguments = {{DNNL_ARG_DST, planner.memory(y)}};
  for (std::size_t i = 0; i < sources.size(); ++i)
    arguments[DNNL_ARG_MULTIPLE_SRC + static_cast<int>(i)] = planner.memory(sources[i]);
  planner.add_step(node, dnnl::concat(chosen), std::move(arguments));
  return y;
}

}  // namespace pw::inference
