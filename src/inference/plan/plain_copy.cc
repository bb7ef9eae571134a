// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/plain_copy.h"

#include "inference/ground/team.h"

namespace pw::inference {
namespace {

bool is_plain(const dnnl::memory::desc& desc) {
  return desc.data_type() == dnnl::memory::data_type::f32 && desc.data.format_kind == dnnl_blocked &&
         desc.data.format_desc.blocking.inner_nblks == 0 && desc.data.offset0 == 0;
}

Dims strides_of(const dnnl::memory::desc& desc) {
  const auto& strides = desc.data.format_desc.blocking.strides;
  return {strides, strides + desc.data.ndims};
}

}  // namespace

void PlainCopy::run(const float* x, float* y) const {
  const std::size_t last = dims.size() - 1;
  const std::int64_t count = dims[last], x_step = from[last], y_step = to[last];
  parallel_for(element_count(dims) / count, [&](std::int64_t row, int) {
    const float* in = x;
    float* out = y;
    for (std::size_t d = last; d-- > 0; row /= dims[d]) {
      in += row % dims[d] * from[d];
      out += row % dims[d] * to[d];
    }
    for (std::int64_t i = 0; i < count; ++i) out[i * y_step] = in[i * x_step];
  });
}

bool lies_as(const dnnl::memory::desc& a, const dnnl::memory::desc& b) {
  if (a == b) return true;
  const Dims dims = a.dims();
  if (dims != b.dims() || !is_plain(a) || !is_plain(b)) return false;
  const Dims from = strides_of(a), to = strides_of(b);
  for (std::size_t i = 0; i < dims.size(); ++i)
    if (dims[i] != 1 && from[i] != to[i]) return false;
  return true;
}

std::optional<PlainCopy> plain_copy(const dnnl::memory::desc& from, const dnnl::memory::desc& to) {
  if (!is_plain(from) || !is_plain(to) || element_count(from.dims()) < 1) return {};
  return PlainCopy{from.dims(), strides_of(from), strides_of(to)};
}

}  // namespace pw::inference
