// SPDX-License-Identifier: GPL-3.0-or-later
// The loops that a compiler can turn into vector code; compiled for several instruction sets on x86_64.
#pragma once

#include <cstdint>
#include <limits>

#include "inference/graph/graph.h"
#include "inference/graph/window.h"

namespace pw::inference {

struct Bounds {
  float low = -std::numeric_limits<float>::infinity();
  float high = std::numeric_limits<float>::infinity();
};

inline Bounds bounds_of(const Node& node) {
  return node.clamp ? Bounds{node.clamp->low, node.clamp->high} : Bounds{};
}

// y = between the bounds of y + bias (+ residual, where there is one).
void finish_row(float* y, const float* residual, float bias, Bounds bounds, std::int64_t count);
// y = between the bounds of a + b. y may be a or b.
void add_rows(const float* a, const float* b, float* y, Bounds bounds, std::int64_t count);
// y = x between the bounds.
void clamp_row(const float* x, float* y, Bounds bounds, std::int64_t count);
// x *= factor.
void scale_row(float* x, double factor, std::int64_t count);
float sum_of(const float* x, std::int64_t count);

// One row of a window's positions over a plane of height x width: for each, what `kernel` gives (row-major
// weights), or the largest number under it. `row` of the output.
struct Plane {
  const float* data;
  std::int64_t height, width;
};
void depthwise_row(const Plane& x, const Window& window, const float* kernel, std::int64_t row, float* y);
// The same for all rows of a 3x3 window without dilation and with a stride of 1 or 2. `scratch`:
// depthwise_scratch().
void depthwise_3x3(const Plane& x, const Window& window, const float* kernel, float* scratch, float* y);
bool is_depthwise_3x3(const Window& window);
std::int64_t depthwise_scratch(const Plane& x, const Window& window);
void maximum_row(const Plane& x, const Window& window, std::int64_t row, float* y);
void sum_row(const Plane& x, const Window& window, std::int64_t row, float* y);

// Rows `k` to `k + rows` of the matrix that turns a convolution into a product, columns `n` to `n + columns`:
// row (channel, kernel row, kernel column), column (output row, output column). `x`: the first channel's
// plane.
void copy_columns(const Plane& x, const Window& window, std::int64_t k, std::int64_t rows, std::int64_t n,
                  std::int64_t columns, float* to);

}  // namespace pw::inference
