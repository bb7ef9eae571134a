// SPDX-License-Identifier: GPL-3.0-or-later
// Pad with a constant, where it is not part of a convolution or a pool.
#include <fmt/format.h>

#include <algorithm>

#include "inference/operators.h"
#include "inference/pad.h"

namespace pw {
namespace {

constexpr std::int64_t kMost = 4096;  // of padding on one side

const Tensor* find_constant(const Graph& graph, const std::string& name) {
  const auto found = graph.constants.find(name);
  return found == graph.constants.end() ? nullptr : &found->second;
}

}  // namespace

Result<Padding> read_pad(const Graph& graph, const Node& node) {
  Padding padding{node.integers("pads"), node.number("value", 0.0F)};
  if (node.text("mode", "constant") != "constant")
    return fail_node(node, fmt::format("mode '{}' is not supported", node.text("mode", "")));
  if (!node.input(1).empty()) {
    const Tensor* amounts = find_constant(graph, node.input(1));
    if (!amounts || !amounts->floats.empty()) return fail_node(node, "pads are no constant integers");
    padding.amounts = amounts->integers;
  }
  if (!node.input(2).empty()) {
    const Tensor* value = find_constant(graph, node.input(2));
    if (!value || value->floats.size() != 1) return fail_node(node, "the value is no constant number");
    padding.value = value->floats[0];
  }
  if (!node.input(3).empty()) return fail_node(node, "axes are not supported");
  for (const std::int64_t amount : padding.amounts)
    if (amount < 0 || amount > kMost)
      return fail_node(node, fmt::format("a pad of {} is not within 0 and {}", amount, kMost));
  return padding;
}

Result<Value> plan_pad(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const auto padding = read_pad(planner.graph(), node);
  if (!padding) return pass_on(padding);
  const Dims from = source->desc.dims();
  const std::size_t rank = from.size();
  if (padding->amounts.size() != 2 * rank)
    return fail_node(node, fmt::format("{} pads for {} dimensions", padding->amounts.size(), rank));
  Dims to = from;
  for (std::size_t i = 0; i < rank; ++i) to[i] += padding->amounts[i] + padding->amounts[rank + i];
  if (element_count(to) < 0)
    return fail_node(node, fmt::format("its result of {} is too large", dims_text(to)));
  // The edge is written once, here, into memory that no other tensor gets.
  const dnnl::memory padded(plain_desc(to), planner.engine());
  auto* const floats = static_cast<float*>(padded.get_data_handle());
  std::fill_n(floats, element_count(to), padding->value);
  const Dims begin(padding->amounts.begin(), padding->amounts.begin() + static_cast<std::ptrdiff_t>(rank));
  const dnnl::memory inside(padded.get_desc().submemory_desc(from, begin), planner.engine(), floats);
  const dnnl::memory x = planner.memory(*source);
  planner.add_step(node, dnnl::reorder(x, inside), {{DNNL_ARG_FROM, x}, {DNNL_ARG_TO, inside}});
  const BufferPool::Buffer owner(floats, [padded](void*) {});
  planner.keep(owner);
  return Value{padded.get_desc(), owner};
}

}  // namespace pw
