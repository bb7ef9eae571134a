// SPDX-License-Identifier: GPL-3.0-or-later
// Gemm and MatMul with constant weights: fully connected layers.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "inference/blas/blas.h"
#include "inference/ground/team.h"
#include "inference/ground/vector_loops.h"
#include "inference/network/operators.h"
#include "inference/onednn/narrow.h"

namespace pw {
namespace {

using dnnl::memory;

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

struct Dense {
  Value source;
  Dims dims;  // of the source: rows x inputs
  std::int64_t outputs = 0;
  std::vector<float> weights;  // outputs x inputs
  std::vector<float> bias;     // none: empty
};

Result<Dense> read_dense(const Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return pass_on(source);
  const auto weights = planner.weights(node, node.input(1));
  if (!weights) return pass_on(weights);
  const Dims x = source->desc.dims(), b = (*weights)->dims;
  const bool transposed = node.integer("transB", 0) != 0;
  if (node.integer("transA", 0) != 0) return fail_node(node, "transA is not supported");
  if (x.size() != 2 || b.size() != 2 || b[transposed ? 1 : 0] != x[1])
    return fail_node(node,
                     fmt::format("weights of {} do not fit an input of {}", dims_text(b), dims_text(x)));
  Dense dense{*source, x, b[transposed ? 0 : 1], {}, {}};
  if (!node.input(2).empty()) {
    auto read = scaled_bias(planner, node, dense.outputs, node.number("beta", 1.0F));
    if (!read) return pass_on(read);
    dense.bias = std::move(*read);
  }
  dense.weights = scaled_weights(**weights, transposed, node.number("alpha", 1.0F));
  return dense;
}

constexpr std::int64_t kPiece = 64;  // outputs a thread takes at once

// Rows of `x` (rows x inputs), outputs `first` to `first + count`.
void compute(const Dense& dense, const float* x, float* y, Bounds bounds, std::int64_t first,
             std::int64_t count) {
  const std::int64_t inputs = dense.dims[1];
  multiply_by_rows(dense.dims[0], count, inputs, x, dense.weights.data() + first * inputs, y + first,
                   dense.outputs);
  for (std::int64_t row = 0; row < dense.dims[0]; ++row) {
    float* const out = y + row * dense.outputs + first;
    if (dense.bias.empty())
      clamp_row(out, out, bounds, count);
    else
      add_rows(out, dense.bias.data() + first, out, bounds, count);
  }
}

}  // namespace

Result<Value> plan_gemm(Planner& planner, const Node& node) {
  const auto dense = read_dense(planner, node);
  if (!dense) return pass_on(dense);
  const Dims& x = dense->dims;
  const std::int64_t outputs = dense->outputs;
  using Forward = dnnl::inner_product_forward;
  const auto any = [](const Dims& dims) {
    return memory::desc(dims, memory::data_type::f32, memory::format_tag::any);
  };
  const Forward::desc desc(dnnl::prop_kind::forward_inference, any(x), any({outputs, x[1]}),
                           dense->bias.empty() ? memory::desc() : any({outputs}), any({x[0], outputs}));
  const Forward::primitive_desc chosen(desc, clamp_after(node), planner.engine());
  const Value in = planner.in_layout(node, dense->source, chosen.src_desc());
  const Value y = planner.make(chosen.dst_desc());
  Arguments arguments = {
      {DNNL_ARG_SRC, planner.memory(in)},
      {DNNL_ARG_DST, planner.memory(y)},
      {DNNL_ARG_WEIGHTS,
       planner.constant(dense->weights.data(), plain_desc({outputs, x[1]}), chosen.weights_desc())}};
  if (!dense->bias.empty())
    arguments[DNNL_ARG_BIAS] =
        planner.constant(dense->bias.data(), plain_desc({outputs}), chosen.bias_desc());
  planner.add_step(node, Forward(chosen), std::move(arguments));
  return y;
}

Result<Value> plan_gemm_narrow(Planner& planner, const Node& node) {
  const auto dense = read_dense(planner, node);
  if (!dense) return pass_on(dense);
  const Dims& x = dense->dims;
  const std::int64_t outputs = dense->outputs;
  const NarrowMath math = narrow_math(planner, node, dense->weights, dense->bias, outputs);
  using Forward = dnnl::inner_product_forward;
  const auto any = [](const Dims& dims, memory::data_type type) {
    return memory::desc(dims, type, memory::format_tag::any);
  };
  const Forward::desc desc(dnnl::prop_kind::forward_inference, any(x, math.source.type),
                           any({outputs, x[1]}, math.weights_type),
                           math.bias.empty() ? memory::desc() : any({outputs}, memory::data_type::f32),
                           any({x[0], outputs}, math.result.type));
  const Forward::primitive_desc chosen(desc, math.attributes, planner.engine());
  const Value in = planner.reordered(node, dense->source, chosen.src_desc(), math.source.scale);
  Value y = planner.make(chosen.dst_desc());
  y.scale = math.result.scale;
  Arguments arguments = {{DNNL_ARG_SRC, planner.memory(in)},
                         {DNNL_ARG_DST, planner.memory(y)},
                         {DNNL_ARG_WEIGHTS, planner.constant(math.weights.data(), plain_desc({outputs, x[1]}),
                                                             chosen.weights_desc())}};
  if (!math.bias.empty())
    arguments[DNNL_ARG_BIAS] = planner.constant(math.bias.data(), plain_desc({outputs}), chosen.bias_desc());
  planner.add_step(node, Forward(chosen), std::move(arguments));
  return y;
}

Result<Value> plan_gemm_blas(Planner& planner, const Node& node) {
  auto read = read_dense(planner, node);
  if (!read) return pass_on(read);
  const Value x = planner.row_major(node, read->source);
  const Value y = planner.make(plain_desc({read->dims[0], read->outputs}));
  const auto dense = std::make_shared<const Dense>(std::move(*read));
  planner.add_step({{node.name, node.op, "blas dense", dense->dims, y.desc.dims()},
                    [dense, in = static_cast<const float*>(x.buffer.get()),
                     out = static_cast<float*>(y.buffer.get()), bounds = bounds_of(node)](dnnl::stream&) {
                      parallel_for((dense->outputs + kPiece - 1) / kPiece, [&](std::int64_t index, int) {
                        const std::int64_t first = index * kPiece;
                        compute(*dense, in, out, bounds, first, std::min(kPiece, dense->outputs - first));
                      });
                    }});
  return y;
}

}  // namespace pw
