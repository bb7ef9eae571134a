// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/dense.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "inference/graph/shapes.h"

namespace pw::inference {
namespace {

// alpha * B, row-major outputs x inputs.
std::vector<float> scaled_weights(const Tensor& b, bool transposed, float alpha) {
  const auto rows = static_cast<std::size_t>(b.dims[0]), columns = static_cast<std::size_t>(b.dims[1]);
  std::vector<float> weights(b.floats.size());
  // Few columns at once: a whole row of them, each written to a cache line of its own, fits no cache.
  const std::size_t most = transposed ? columns : 8;
  for (std::size_t first = 0; first < columns; first += most)
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = first; j < std::min(first + most, columns); ++j)
        weights[transposed ? i * columns + j : j * rows + i] = alpha * b.floats[i * columns + j];
  return weights;
}

// beta * C for every output; an error where C is not one number, or one per output.
Result<std::vector<float>> scaled_bias(const Planner& planner, const Node& node, std::int64_t outputs,
                                       float beta) {
  const auto c = planner.weights(node, node.input(2));
  if (!c) return pass_on(c);
  const Dims& dims = (*c)->dims;
  const auto count = static_cast<std::int64_t>((*c)->floats.size());
  if (count != 1 && (count != outputs || dims.back() != outputs))
    return fail_node(node, fmt::format("a bias of {} for {} outputs", dims_text(dims), outputs));
  std::vector<float> bias(static_cast<std::size_t>(outputs));
  for (std::size_t i = 0; i < bias.size(); ++i) bias[i] = beta * (*c)->floats[count == 1 ? 0 : i];
  return bias;
}

}  // namespace

Result<Dense> read_dense(const Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return pass_on(source);
  const auto weights = planner.weights(node, node.input(1));
  if (!weights) return pass_on(weights);
  const Dims x = source->desc.dims();
  const auto product = gemm_shape(planner.graph(), node, {x, (*weights)->dims});
  if (!product) return pass_on(product);
  Dense dense{*source, x, (*product)[1], {}, {}};
  if (!node.input(2).empty()) {
    auto read = scaled_bias(planner, node, dense.outputs, node.number("beta", 1.0F));
    if (!read) return pass_on(read);
    dense.bias = std::move(*read);
  }
  dense.weights = scaled_weights(**weights, node.integer("transB", 0) != 0, node.number("alpha", 1.0F));
  return dense;
}

}  // namespace pw::inference
