// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/value.h"

#include <fmt/format.h>

namespace pw::inference {

dnnl::memory::desc plain_desc(const Dims& dims) {
  dnnl::memory::dims strides(dims.size(), 1);
  for (std::size_t i = dims.size(); i-- > 1;) strides[i - 1] = strides[i] * dims[i];
  return {dims, dnnl::memory::data_type::f32, strides};
}

dnnl::memory::desc with_type(dnnl::memory::desc desc, dnnl::memory::data_type type) {
  desc.data.data_type = dnnl::memory::convert_to_c(type);
  return desc;
}

Result<> check_image(const Node& node, const Value& value) {
  if (value.desc.dims().size() == 4) return {};
  return fail_node(node,
                   fmt::format("wants a batch of images NxCxHxW and gets {}", dims_text(value.desc.dims())));
}

}  // namespace pw::inference
