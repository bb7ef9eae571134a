// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/graph/graph.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

namespace pw::inference {
namespace {

const Attribute* find(const Node& node, const std::string& attribute) {
  const auto found = node.attributes.find(attribute);
  return found == node.attributes.end() ? nullptr : &found->second;
}

// Which node makes each tensor.
Result<std::map<std::string, std::size_t>> find_producers(const Graph& graph) {
  std::map<std::string, std::size_t> producers;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    for (const std::string& output : graph.nodes[i].outputs) {
      if (output.empty()) continue;
      if (output == graph.input || graph.constants.contains(output) || !producers.emplace(output, i).second)
        return fail_node(graph.nodes[i], fmt::format("makes '{}', which is there already", output));
    }
  return producers;
}

}  // namespace

std::int64_t Node::integer(const std::string& attribute, std::int64_t otherwise) const {
  const Attribute* found = find(*this, attribute);
  return found && !found->integers.empty() ? found->integers[0] : otherwise;
}

std::vector<std::int64_t> Node::integers(const std::string& attribute) const {
  const Attribute* found = find(*this, attribute);
  return found ? found->integers : std::vector<std::int64_t>{};
}

float Node::number(const std::string& attribute, float otherwise) const {
  const Attribute* found = find(*this, attribute);
  return found && !found->floats.empty() ? found->floats[0] : otherwise;
}

std::string Node::text(const std::string& attribute, const std::string& otherwise) const {
  const Attribute* found = find(*this, attribute);
  return found ? found->text : otherwise;
}

std::map<std::string, int> count_uses(const Graph& graph) {
  std::map<std::string, int> uses;
  for (const Node& node : graph.nodes) {
    for (const std::string& input : node.inputs) ++uses[input];
    if (!node.residual.empty()) ++uses[node.residual];
  }
  ++uses[graph.output];
  return uses;
}

tl::unexpected<Error> fail_node(const Node& node, const std::string& what) {
  return fail(Failure::input, fmt::format("node '{}' ({}): {}", node.name, node.op, what));
}

std::string dims_text(const Dims& dims) {
  constexpr std::ptrdiff_t kMost = 16;
  const auto end = dims.begin() + std::min(kMost, std::ssize(dims));
  return fmt::format("{}{}", fmt::join(dims.begin(), end, "x"), end == dims.end() ? "" : "x...");
}

std::int64_t element_count(const Dims& dims) {
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) {
    if (dim < 1 || dim > kMostElements / count) return -1;
    count *= dim;
  }
  return count;
}

std::int64_t tensor_size(const Dims& dims) {
  const bool empty = std::find(dims.begin(), dims.end(), 0) != dims.end();
  Dims filled = dims;
  std::replace(filled.begin(), filled.end(), std::int64_t{0}, std::int64_t{1});
  const std::int64_t count = element_count(filled);
  return empty && count > 0 ? 0 : count;
}

Result<> sort_nodes(Graph& graph) {
  const auto producers = find_producers(graph);
  if (!producers) return pass_on(producers);
  const std::size_t count = graph.nodes.size();
  std::vector<std::vector<std::size_t>> readers(count);
  std::vector<std::size_t> missing(count, 0);
  for (std::size_t i = 0; i < count; ++i)
    for (const std::string& input : graph.nodes[i].inputs) {
      if (input.empty() || input == graph.input || graph.constants.contains(input)) continue;
      const auto producer = producers->find(input);
      if (producer == producers->end())
        return fail_node(graph.nodes[i], fmt::format("reads '{}', which nothing makes", input));
      readers[producer->second].push_back(i);
      ++missing[i];
    }
  std::set<std::size_t> ready;  // in the file's order where that is a choice
  for (std::size_t i = 0; i < count; ++i)
    if (missing[i] == 0) ready.insert(i);
  std::vector<Node> sorted;
  while (!ready.empty()) {
    const std::size_t next = *ready.begin();
    ready.erase(ready.begin());
    for (const std::size_t reader : readers[next])
      if (--missing[reader] == 0) ready.insert(reader);
    sorted.push_back(std::move(graph.nodes[next]));
  }
  for (std::size_t i = 0; i < count; ++i)
    if (missing[i] != 0) return fail_node(graph.nodes[i], "depends on its own result");
  graph.nodes = std::move(sorted);
  return {};
}

}  // namespace pw::inference
