// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <functional>
#include <numeric>

#include "inference/blas/operators.h"
#include "inference/graph/node_readers.h"
#include "inference/ground/team.h"
#include "inference/onednn/operators.h"

namespace pw::inference {
namespace {

// Pieces of `piece` numbers, one in each part of `whole` numbers of the result.
struct Part {
  const float* from;
  float* to;
  std::int64_t piece, whole;
};

// Sources of the same dimensions but for `axis`: what plan_concat() demands.
bool fit(const std::vector<Value>& sources, std::size_t axis) {
  const Dims first = sources[0].desc.dims();
  return std::all_of(sources.begin(), sources.end(), [&](const Value& source) {
    Dims dims = source.desc.dims();
    if (dims.size() != first.size()) return false;
    dims[axis] = first[axis];
    return dims == first;
  });
}

std::int64_t product(Dims::const_iterator from, Dims::const_iterator to) {
  return std::accumulate(from, to, std::int64_t{1}, std::multiplies<>());
}

}  // namespace

Result<Value> plan_concat_blas(Planner& planner, const Node& node) {
  std::vector<Value> sources;
  for (const std::string& input : node.inputs) {
    const auto source = planner.value(node, input);
    if (!source) return source;
    sources.push_back(*source);
  }
  if (sources.empty()) return plan_concat(planner, node);
  Dims dims = sources[0].desc.dims();
  const auto axis = checked_axis(node, node.integer("axis", 1), dims.size());
  if (!axis || !fit(sources, *axis)) return plan_concat(planner, node);
  for (std::size_t i = 1; i < sources.size(); ++i) dims[*axis] += sources[i].desc.dims()[*axis];
  if (element_count(dims) < 0) return plan_concat(planner, node);
  const auto middle = dims.cbegin() + static_cast<std::ptrdiff_t>(*axis);
  const std::int64_t parts = product(dims.cbegin(), middle), whole = product(middle, dims.cend());
  const Value y = planner.make(plain_desc(dims));
  auto* to = static_cast<float*>(y.buffer.get());
  std::vector<Part> copies;
  for (const Value& source : sources) {
    const Value x = planner.row_major(node, source);
    copies.push_back(
        {static_cast<const float*>(x.buffer.get()), to, element_count(x.desc.dims()) / parts, whole});
    to += copies.back().piece;
  }
  planner.add_step(
      {{node.name, node.op, "copies", sources[0].desc.dims(), dims}, [copies, parts](dnnl::stream&) {
         const auto sides = static_cast<std::int64_t>(copies.size());
         parallel_for(parts * sides, [&](std::int64_t index, int) {
           const Part& part = copies[static_cast<std::size_t>(index % sides)];
           std::copy_n(part.from + index / sides * part.piece, part.piece,
                       part.to + index / sides * part.whole);
         });
       }});
  return y;
}

}  // namespace pw::inference
