// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/onednn/operators.h"

namespace pw::inference {

void append_clamp(dnnl::post_ops& after, const Node& node) {
  if (!node.clamp) return;
  if (node.clamp->is_relu())
    after.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
  else
    after.append_eltwise(1.0F, dnnl::algorithm::eltwise_clip, node.clamp->low, node.clamp->high);
}

dnnl::primitive_attr clamp_after(const Node& node) {
  dnnl::primitive_attr attributes;
  dnnl::post_ops after;
  append_clamp(after, node);
  attributes.set_post_ops(after);
  return attributes;
}

}  // namespace pw::inference
