// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/ground/vector_loops.h"

#include <algorithm>
#include <array>

#include "inference/ground/vector_clones.h"

namespace pw::inference {
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

PW_CLONES void scale_row(float* x, double factor, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) x[i] = static_cast<float>(x[i] * factor);
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

namespace {

// A plane with its padding. With a stride of 2 all even columns of a row stand before its odd ones.
struct Padded {
  std::int64_t height, half, pitch;  // `half`: columns of one parity, which is all with a stride of 1

  Padded(const Plane& x, const Window& window)
      : height(x.height + window.pad_begin[0] + window.pad_end[0] + 2),
        half((x.width + window.pad_begin[1] + window.pad_end[1] + 2) / window.stride[1] + 1),
        pitch(half * window.stride[1]) {}
};

inline void pad_plane(const Plane& x, const Window& window, const Padded& padded, float* to) {
  std::fill_n(to, padded.height * padded.pitch, 0.0F);
  const std::int64_t begin = window.pad_begin[1], odd = begin % 2;
  for (std::int64_t row = 0; row < x.height; ++row) {
    const float* const from = x.data + row * x.width;
    float* const out = to + (row + window.pad_begin[0]) * padded.pitch;
    if (window.stride[1] == 1) {
      for (std::int64_t q = 0; q < x.width; ++q) out[begin + q] = from[q];
      continue;
    }
    float *const first = out + odd * padded.half + begin / 2, *const second = out + (1 - odd) * padded.half +
                                                                              (begin + 1) / 2;
    for (std::int64_t q = 0; q < x.width / 2; ++q) {
      first[q] = from[2 * q];
      second[q] = from[2 * q + 1];
    }
    if (x.width % 2 != 0) first[x.width / 2] = from[x.width - 1];
  }
}

// y[q] = the sum over three rows (`pitch` apart) of three columns each, which begin at a, b and c.
inline void nine(const float* x, std::int64_t pitch, const std::int64_t (&begin)[3], const float* k, float* y,
                 std::int64_t count) {
  const float *const r0 = x, *const r1 = x + pitch, *const r2 = x + 2 * pitch;
  const std::int64_t a = begin[0], b = begin[1], c = begin[2];
  for (std::int64_t q = 0; q < count; ++q)
    y[q] = k[0] * r0[a + q] + k[1] * r0[b + q] + k[2] * r0[c + q] + k[3] * r1[a + q] + k[4] * r1[b + q] +
           k[5] * r1[c + q] + k[6] * r2[a + q] + k[7] * r2[b + q] + k[8] * r2[c + q];
}

}  // namespace

bool is_depthwise_3x3(const Window& window) {
  constexpr std::array<std::int64_t, 2> kOne = {1, 1}, kTwo = {2, 2}, kThree = {3, 3};
  return window.kernel == kThree && window.dilation == kOne &&
         (window.stride == kOne || window.stride == kTwo);
}

std::int64_t depthwise_scratch(const Plane& x, const Window& window) {
  const Padded padded(x, window);
  return padded.height * padded.pitch + window.output[0] * padded.pitch;
}

PW_CLONES void depthwise_3x3(const Plane& x, const Window& window, const float* kernel, float* scratch,
                             float* y) {
  const Padded padded(x, window);
  const std::int64_t rows = window.output[0], columns = window.output[1];
  pad_plane(x, window, padded, scratch);
  if (window.stride[1] == 2) {
    for (std::int64_t row = 0; row < rows; ++row)
      nine(scratch + row * 2 * padded.pitch, padded.pitch, {0, padded.half, 1}, kernel, y + row * columns,
           columns);
    return;
  }
  // All rows as one: what is computed past the end of a row is not copied.
  float* const whole = scratch + padded.height * padded.pitch;
  nine(scratch, padded.pitch, {0, 1, 2}, kernel, whole, (rows - 1) * padded.pitch + columns);
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t q = 0; q < columns; ++q) y[row * columns + q] = whole[row * padded.pitch + q];
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

}  // namespace pw::inference
