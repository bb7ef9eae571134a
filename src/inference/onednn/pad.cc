// SPDX-License-Identifier: GPL-3.0-or-later
// Pad with a constant, where it is not part of a convolution or a pool.
#include <fmt/format.h>

#include <algorithm>

#include "inference/graph/node_readers.h"
#include "inference/graph/shapes.h"
#include "inference/onednn/operators.h"

namespace pw::inference {

Result<Value> plan_pad(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  const auto padding = read_pad(planner.graph(), node);
  if (!padding) return pass_on(padding);
  const Dims from = source->desc.dims();
  const auto to = pad_shape(planner.graph(), node, {from});
  if (!to) return pass_on(to);
  if (element_count(*to) < 0)
    return fail_node(node, fmt::format("its result of {} is too large", dims_text(*to)));
  // The edge is written once, here, into memory that no other tensor gets.
  const dnnl::memory padded(plain_desc(*to), planner.engine());
  auto* const floats = static_cast<float*>(padded.get_data_handle());
  std::fill_n(floats, element_count(*to), padding->value);
  const Dims begin(padding->amounts.begin(), padding->amounts.begin() + std::ssize(from));
  const dnnl::memory inside(padded.get_desc().submemory_desc(from, begin), planner.engine(), floats);
  const dnnl::memory x = planner.memory(*source);
  planner.add_step(node, dnnl::reorder(x, inside), {{DNNL_ARG_FROM, x}, {DNNL_ARG_TO, inside}});
  const BufferPool::Buffer owner(floats, [padded](void*) {});
  planner.keep(owner);
  return Value{padded.get_desc(), owner};
}

}  // namespace pw::inference
