// SPDX-License-Identifier: GPL-3.0-or-later
// LRN: y = x / (bias + alpha / size * sum of squares over `size` channels around it) ^ beta.
#include <fmt/format.h>

#include "inference/onednn/operators.h"

namespace pw::inference {

Result<Value> plan_lrn(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  if (auto image = check_image(node, *source); !image) return pass_on(image);
  constexpr std::int64_t kMostChannels = 4096;
  const std::int64_t size = node.integer("size", 0);
  // oneDNN leaves out one channel of an even number.
  if (size < 1 || size > kMostChannels || size % 2 == 0)
    return fail_node(node, fmt::format("a size of {} is not an odd number up to {}", size, kMostChannels));
  const dnnl::lrn_forward::desc desc(dnnl::prop_kind::forward_inference, dnnl::algorithm::lrn_across_channels,
                                     source->desc, size, node.number("alpha", 1e-4F),
                                     node.number("beta", 0.75F), node.number("bias", 1.0F));
  const dnnl::lrn_forward::primitive_desc chosen(desc, planner.engine());
  const Value y = planner.make(chosen.dst_desc());
  planner.add_step(node, dnnl::lrn_forward(chosen),
                   {{DNNL_ARG_SRC, planner.memory(*source)}, {DNNL_ARG_DST, planner.memory(y)}});
  return y;
}

}  // namespace pw::inference
