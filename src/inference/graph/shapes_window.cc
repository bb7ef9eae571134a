// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes of the operators on images NxCxHxW: convolutions, pools, means.
#include <fmt/format.h>

#include <set>

#include "inference/graph/node_readers.h"
#include "inference/graph/shapes.h"

namespace pw::inference {
namespace {

Result<> check_rank(const Node& node, const Dims& dims) {
  if (dims.size() == 4) return {};
  return fail_node(node, fmt::format("wants a batch of images NxCxHxW and gets {}", dims_text(dims)));
}

}  // namespace

Result<Dims> conv_shape(const Graph&, const Node& node, const std::vector<Dims>& x) {
  if (auto image = check_rank(node, x[0]); !image) return pass_on(image);
  const Dims& w = x[1];
  const std::int64_t groups = node.integer("group", 1), channels = x[0][1];
  if (w.size() != 4) return fail_node(node, fmt::format("weights of {}, not OxIxHxW", dims_text(w)));
  if (groups < 1 || groups > channels || channels % groups != 0 || w[0] % groups != 0 ||
      w[1] != channels / groups)
    return fail_node(node, fmt::format("weights of {} in {} groups do not fit an input of {}", dims_text(w),
                                       groups, dims_text(x[0])));
  const auto window = read_window(node, {w[2], w[3]}, {x[0][2], x[0][3]});
  if (!window) return pass_on(window);
  return Dims{x[0][0], w[0], window->output[0], window->output[1]};
}

Result<Window> read_pool_window(const Node& node, const Dims& image) {
  if (auto checked = check_rank(node, image); !checked) return pass_on(checked);
  const std::vector<std::int64_t> kernel = node.integers("kernel_shape");
  if (kernel.size() != 2) return fail_node(node, "kernel_shape is not two numbers");
  const std::vector<std::int64_t> pads = node.integers("pads");
  for (std::size_t i = 0; i < pads.size(); ++i)
    if (pads[i] >= kernel[i % 2]) return fail_node(node, "padding as large as the kernel is not supported");
  return read_window(node, {kernel[0], kernel[1]}, {image[2], image[3]});
}

Result<Dims> pool_shape(const Graph&, const Node& node, const std::vector<Dims>& x) {
  const auto window = read_pool_window(node, x[0]);
  if (!window) return pass_on(window);
  return Dims{x[0][0], x[0][1], window->output[0], window->output[1]};
}

Result<Dims> global_pool_shape(const Graph&, const Node& node, const std::vector<Dims>& x) {
  if (auto image = check_rank(node, x[0]); !image) return pass_on(image);
  return Dims{x[0][0], x[0][1], 1, 1};
}

Result<Dims> read_reduced_axes(const Graph& graph, const Node& node, std::size_t rank) {
  const auto listed = read_integers(graph, node, "axes");
  if (!listed) return pass_on(listed);
  std::set<std::int64_t> axes;
  for (const std::int64_t axis : *listed) {
    const auto checked = checked_axis(node, axis, rank);
    if (!checked) return pass_on(checked);
    if (!axes.insert(static_cast<std::int64_t>(*checked)).second)
      return fail_node(node, fmt::format("axis {} twice", axis));
  }
  if (axes.empty() && node.integer("noop_with_empty_axes", 0) == 0)
    for (std::size_t i = 0; i < rank; ++i) axes.insert(static_cast<std::int64_t>(i));
  return Dims(axes.begin(), axes.end());
}

Result<Dims> reduce_shape(const Graph& graph, const Node& node, const std::vector<Dims>& x) {
  const auto axes = read_reduced_axes(graph, node, x[0].size());
  if (!axes) return pass_on(axes);
  const bool keep = node.integer("keepdims", 1) != 0;
  const std::set<std::int64_t> reduced(axes->begin(), axes->end());
  Dims to;
  for (std::size_t i = 0; i < x[0].size(); ++i) {
    const bool goes = reduced.contains(static_cast<std::int64_t>(i));
    if (!goes) to.push_back(x[0][i]);
    if (goes && keep) to.push_back(1);
  }
  return to;
}

}  // namespace pw::inference
