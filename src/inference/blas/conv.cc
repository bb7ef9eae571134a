// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/blas/conv.h"

#include "inference/blas/operators.h"
#include "inference/onednn/operators.h"

namespace pw::inference {
namespace {

// On memory of its own, which the kernel keeps.
std::function<void()> on_own_memory(BlasKernel (*kernel)(Planner&, const BlasConv&), Planner& planner,
                                    BlasConv conv) {
  const auto x = std::make_shared<std::vector<float>>(element_count(conv.shape.source), 1.0F);
  const auto y = std::make_shared<std::vector<float>>(element_count(conv.shape.output));
  conv.x = x->data();
  conv.y = y->data();
  conv.residual = nullptr;
  return [x, y, run = kernel(planner, conv).run] { run(); };
}

BlasKernel choose(Planner& planner, const BlasConv& conv) {
  if (conv.shape.depthwise()) return depthwise_conv(planner, conv);
  if (!planner.options().winograd || !is_winograd(conv.shape)) return gemm_conv(planner, conv);
  const std::vector<Candidate> candidates = {
      {"gemm", [&] { return on_own_memory(gemm_conv, planner, conv); }},
      {"winograd", [&] { return on_own_memory(winograd_conv, planner, conv); }}};
  const std::size_t chosen = planner.choose("blas fp32 " + conv.shape.text(), candidates);
  return chosen == 1 ? winograd_conv(planner, conv) : gemm_conv(planner, conv);
}

}  // namespace

void BlasConv::finish(std::int64_t image, std::int64_t channel, std::int64_t pixel,
                      std::int64_t count) const {
  const std::int64_t at = (image * shape.output[1] + channel) * pixels() + pixel;
  finish_row(y + at, residual ? residual + at : nullptr, (*bias)[static_cast<std::size_t>(channel)], bounds,
             count);
}

Result<Value> plan_conv_blas(Planner& planner, const Node& node) {
  auto parts = read_conv(planner, node);
  if (!parts) return pass_on(parts);
  Value residual;
  if (!node.residual.empty()) {
    const auto found = planner.value(node, node.residual);
    if (!found) return found;
    if (found->desc.dims() != parts->shape.output) {  // an Add that broadcasts
      const auto unfused = plan_conv_blas(planner, without_epilogue(node));
      return unfused ? add_values(planner, node, *unfused, *found) : unfused;
    }
    residual = planner.row_major(node, *found);
  }
  const Value x = planner.row_major(node, parts->source);
  const Value y = planner.make(plain_desc(parts->shape.output));
  std::vector<float> bias(static_cast<std::size_t>(parts->shape.output[1]));
  if (parts->bias) bias = parts->bias->floats;
  const BlasConv conv{parts->shape,
                      static_cast<const float*>(x.buffer.get()),
                      static_cast<float*>(y.buffer.get()),
                      static_cast<const float*>(residual.buffer.get()),
                      std::make_shared<std::vector<float>>(parts->weights->floats),
                      std::make_shared<std::vector<float>>(std::move(bias)),
                      bounds_of(node)};
  const BlasKernel kernel = choose(planner, conv);
  planner.add_step({{node.name, node.op, kernel.name, conv.shape.source, conv.shape.output},
                    [run = kernel.run](dnnl::stream&) { run(); }});
  return y;
}

}  // namespace pw::inference
