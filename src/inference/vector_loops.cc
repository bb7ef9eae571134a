// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/vector_loops.h"

#include <algorithm>

#include "inference/vector_clones.h"

namespace pw {
namespace {

// The positions (`from` to `to`) at which column `tap` of the window is inside the plane.
struct Span {
  std::int64_t from, to;
};

inline Span inside(const Window& window, std::int64_t width, std::int64_t tap) {
  const std::int64_t offset = tap * window.dilation[1] - window.pad_begin[1], stride = window.stride[1];
  const std::int64_t from = offset < 0 ? (-offset + stride - 1) / stride : 0;
  const std::int64_t to = offset < width ? (width - 1 - offset) / stride + 1 : 0;
  return {std::min(from, window.output[1]), std::max<std::int64_t>(std::min(to, window.output[1]), 0)};
}

// Calls use(source, tap, span) for every tap of the window that is inside the plane for some position of the
// row; `source` is under the position 0 (and may be outside where the span does not begin at 0).
template <typename Use>
inline void for_taps(const Plane& x, const Window& window, std::int64_t row, Use use) {
  for (std::int64_t a = 0; a < window.kernel[0]; ++a) {
    const std::int64_t y = row * window.stride[0] + a * window.dilation[0] - window.pad_begin[0];
    if (y < 0 || y >= x.height) continue;
    for (std::int64_t b = 0; b < window.kernel[1]; ++b) {
      const std::int64_t offset = b * window.dilation[1] - window.pad_begin[1];
      use(y * x.width + offset, a * window.kernel[1] + b, inside(window, x.width, b));
    }
  }
}

template <typename Combine>
inline void each_position(const float* data, std::int64_t source, std::int64_t stride, Span span, float* y,
                          Combine combine) {
  if (stride == 1)
    for (std::int64_t q = span.from; q < span.to; ++q) y[q] = combine(y[q], data[source + q]);
  else if (stride == 2)
    for (std::int64_t q = span.from; q < span.to; ++q) y[q] = combine(y[q], data[source + 2 * q]);
  else
    for (std::int64_t q = span.from; q < span.to; ++q) y[q] = combine(y[q], data[source + stride * q]);
}

}  // namespace

PW_CLONES void finish_row(float* y, const float* residual, float bias, Bounds bounds, std::int64_t count) {
  if (residual)
    for (std::int64_t i = 0; i < count; ++i)
      y[i] = std::min(std::max(y[i] + bias + residual[i], bounds.low), bounds.high);
  else
    for (std::int64_t i = 0; i < count; ++i) y[i] = std::min(std::max(y[i] + bias, bounds.low), bounds.high);
}

PW_CLONES void add_rows(const float* a, const float* b, float* y, Bounds bounds, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = std::min(std::max(a[i] + b[i], bounds.low), bounds.high);
}

PW_CLONES void clamp_row(const float* x, float* y, Bounds bounds, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = std::min(std::max(x[i], bounds.low), bounds.high);
}

PW_CLONES float sum_of(const float* x, std::int64_t count) {
  constexpr std::int64_t kLanes = 16;
  float lanes[kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (std::int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] += x[i + lane];
  float sum = 0;
  for (; i < count; ++i) sum += x[i];
  for (const float lane : lanes) sum += lane;
  return sum;
}

PW_CLONES void depthwise_row(const Plane& x, const Window& window, const float* kernel, std::int64_t row,
                             float* y) {
  std::fill_n(y, window.output[1], 0.0F);
  for_taps(x, window, row, [&](std::int64_t source, std::int64_t tap, Span span) {
    each_position(x.data, source, window.stride[1], span, y,
                  [weight = kernel[tap]](float sum, float value) { return sum + weight * value; });
  });
}

PW_CLONES void maximum_row(const Plane& x, const Window& window, std::int64_t row, float* y) {
  std::fill_n(y, window.output[1], std::numeric_limits<float>::lowest());
  for_taps(x, window, row, [&](std::int64_t source, std::int64_t, Span span) {
    each_position(x.data, source, window.stride[1], span, y,
                  [](float most, float value) { return most < value ? value : most; });
  });
}

PW_CLONES void sum_row(const Plane& x, const Window& window, std::int64_t row, float* y) {
  std::fill_n(y, window.output[1], 0.0F);
  for_taps(x, window, row, [&](std::int64_t source, std::int64_t, Span span) {
    each_position(x.data, source, window.stride[1], span, y,
                  [](float sum, float value) { return sum + value; });
  });
}

PW_CLONES void copy_columns(const Plane& x, const Window& window, std::int64_t k, std::int64_t rows,
                            std::int64_t n, std::int64_t columns, float* to) {
  const std::int64_t taps = window.kernel[0] * window.kernel[1], width = window.output[1];
  for (std::int64_t i = 0; i < rows; ++i, to += columns) {
    const float* plane = x.data + (k + i) / taps * x.height * x.width;
    const std::int64_t a = (k + i) % taps / window.kernel[1], b = (k + i) % window.kernel[1];
    const Span span = inside(window, x.width, b);
    const std::int64_t offset = b * window.dilation[1] - window.pad_begin[1], stride = window.stride[1];
    for (std::int64_t at = 0; at < columns;) {
      const std::int64_t row = (n + at) / width, first = (n + at) % width;
      const std::int64_t last = std::min(width, first + columns - at);
      const std::int64_t y = row * window.stride[0] + a * window.dilation[0] - window.pad_begin[0];
      float* const out = to + at - first;
      at += last - first;
      if (y < 0 || y >= x.height) {
        for (std::int64_t q = first; q < last; ++q) out[q] = 0;
        continue;
      }
      const std::int64_t from = std::clamp(span.from, first, last), end = std::clamp(span.to, from, last);
      for (std::int64_t q = first; q < from; ++q) out[q] = 0;
      each_position(plane, y * x.width + offset, stride, {from, end}, out,
                    [](float, float value) { return value; });
      for (std::int64_t q = end; q < last; ++q) out[q] = 0;
    }
  }
}

}  // namespace pw
