// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/onednn/narrow.h"

#include <limits>

#include "inference/ground/quantize.h"
#include "inference/onednn/operators.h"
#include "inference/plan/formats.h"

namespace pw::inference {
namespace {

using Type = dnnl::memory::data_type;

Format source_format(const Planner& planner, const Node& node) {
  const Format format = planner.format(node.input(0));
  const bool eight = format.eight_bits() && !reads_few_channels(planner.graph(), node);
  return eight ? format : Format{planner.float_type(), 1};
}

// 8 bits come out of 8 bits alone, and a sum needs a residual as wide as the result.
Format result_format(const Planner& planner, const Node& node, const Format& source) {
  const Format format = planner.format(node.outputs[0]);
  const bool same_width = node.residual.empty() || planner.format(node.residual).eight_bits();
  if (!format.eight_bits()) return source.type == Type::f32 ? Format{} : format;
  if (!source.eight_bits()) return {source.type, 1};
  return same_width ? format : Format{};
}

// The bounds in units of the result, where storing it does not keep them anyway.
void append_bounds(dnnl::post_ops& after, const Node& node, const Format& result) {
  if (!node.clamp) return;
  const float low = node.clamp->low / result.scale;
  const float high =
      node.clamp->is_relu() ? std::numeric_limits<float>::max() : node.clamp->high / result.scale;
  if (result.type == Type::u8 && low == 0 && high >= kMostU8 * (1 - 1e-6F)) return;
  if (node.clamp->is_relu())
    after.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
  else
    after.append_eltwise(1.0F, dnnl::algorithm::eltwise_clip, low, high);
}

// A whole number of the accumulator times the factor of its channel is the result.
void quantize(NarrowMath& math, std::size_t channels) {
  const std::vector<float> scales = channel_scales(math.weights, channels);
  const std::size_t each = math.weights.size() / channels;
  std::vector<float> factors(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = c * each; i < (c + 1) * each; ++i) math.weights[i] /= scales[c];
    const float unit = math.source.scale * scales[c];
    if (!math.bias.empty()) math.bias[c] /= unit;
    factors[c] = unit / math.result.scale;
  }
  constexpr int kPerChannel = 1 << 1;  // of NxCxHxW
  math.attributes.set_output_scales(kPerChannel, factors);
}

}  // namespace

NarrowMath narrow_math(const Planner& planner, const Node& node, const std::vector<float>& weights,
                       const std::vector<float>& bias, std::int64_t channels) {
  NarrowMath math;
  math.source = source_format(planner, node);
  math.result = result_format(planner, node, math.source);
  math.residual =
      math.result.eight_bits() && !node.residual.empty() ? planner.format(node.residual) : math.result;
  math.weights_type = math.source.eight_bits() ? Type::s8 : math.source.type;
  math.weights = weights;
  math.bias = bias;
  if (math.source.eight_bits()) quantize(math, static_cast<std::size_t>(channels));
  dnnl::post_ops after;
  if (!node.residual.empty()) after.append_sum(math.residual.scale / math.result.scale, math.residual.type);
  append_bounds(after, node, math.result);
  math.attributes.set_post_ops(after);
  return math;
}

}  // namespace pw::inference
