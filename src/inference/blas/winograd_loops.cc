// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/blas/winograd_loops.h"

#include <algorithm>
#include <cstring>

#include "inference/ground/team.h"
#include "inference/ground/vector_clones.h"

namespace pw::inference {
namespace {

using Lanes = float __attribute__((vector_size(64)));
using LooseLanes = float __attribute__((vector_size(64), aligned(4)));

#define PW_INLINE inline __attribute__((always_inline))

// B^T of the paper, along one dimension.
PW_INLINE void input_points(const Lanes* d, std::int64_t step, Lanes* t, std::int64_t t_step) {
  const Lanes &d0 = d[0], &d1 = d[step], &d2 = d[2 * step], &d3 = d[3 * step], &d4 = d[4 * step],
              &d5 = d[5 * step];
  const Lanes a = d4 - 4.0F * d2, b = d3 - 4.0F * d1, c = d4 - d2, e = 2.0F * (d3 - d1);
  t[0] = 4.0F * d0 - 5.0F * d2 + d4;
  t[t_step] = a + b;
  t[2 * t_step] = a - b;
  t[3 * t_step] = c + e;
  t[4 * t_step] = c - e;
  t[5 * t_step] = 4.0F * d1 - 5.0F * d3 + d5;
}

// A^T of the paper, along one dimension.
PW_INLINE void output_points(const Lanes* m, std::int64_t step, Lanes* r, std::int64_t r_step) {
  const Lanes a = m[step] + m[2 * step], b = m[step] - m[2 * step];
  const Lanes c = m[3 * step] + m[4 * step], d = m[3 * step] - m[4 * step];
  r[0] = m[0] + a + c;
  r[r_step] = b + 2.0F * d;
  r[2 * r_step] = a + 4.0F * c;
  r[3 * r_step] = b + 8.0F * d + m[5 * step];
}

// A tile's input, with zeros where it is outside the plane. to[point * kTileLanes].
PW_INLINE void gather(const Plane& x, std::int64_t top, std::int64_t left, float* to) {
  const bool within = top >= 0 && left >= 0 && top + kTileIn <= x.height && left + kTileIn <= x.width;
  for (std::int64_t i = 0; i < kTileIn; ++i)
    for (std::int64_t j = 0; j < kTileIn; ++j) {
      const std::int64_t row = top + i, column = left + j;
      const bool there = within || (row >= 0 && row < x.height && column >= 0 && column < x.width);
      to[(i * kTileIn + j) * kTileLanes] = there ? x.data[row * x.width + column] : 0.0F;
    }
}

// G of the paper, along one dimension.
PW_INLINE void weight_points(const Lanes* g, std::int64_t step, Lanes* u, std::int64_t u_step) {
  const Lanes sum = g[0] + g[2 * step], part = g[0] / 24.0F + g[2 * step] / 6.0F;
  u[0] = g[0] / 4.0F;
  u[u_step] = -(sum + g[step]) / 6.0F;
  u[2 * u_step] = -(sum - g[step]) / 6.0F;
  u[3 * u_step] = part + g[step] / 12.0F;
  u[4 * u_step] = part - g[step] / 12.0F;
  u[5 * u_step] = g[2 * step];
}

// `count` (at most kTileLanes) kernels of 3x3, one after the other; point p of kernel l is to[p * stride +
// l].
PW_CLONES void transform_weights(const float* kernels, std::int64_t count, float* to, std::int64_t stride) {
  Lanes g[9] = {}, half[kTileIn * 3], points[kTilePoints];
  auto* const lanes = reinterpret_cast<float*>(g);
  for (std::int64_t lane = 0; lane < count; ++lane)
    for (std::int64_t i = 0; i < 9; ++i) lanes[i * kTileLanes + lane] = kernels[lane * 9 + i];
  for (std::int64_t j = 0; j < 3; ++j) weight_points(g + j, 3, half + j, 3);
  for (std::int64_t i = 0; i < kTileIn; ++i) weight_points(half + i * 3, 1, points + i * kTileIn, 1);
  for (std::int64_t p = 0; p < kTilePoints; ++p)
    std::memcpy(to + p * stride, &points[p], static_cast<std::size_t>(count) * sizeof(float));
}

}  // namespace

PW_CLONES void winograd_input(const Plane& x, std::int64_t pad_top, std::int64_t pad_left,
                              const TileRun& tiles, float* to, std::int64_t stride) {
  Lanes d[kTilePoints], t[kTilePoints];
  auto* const lanes = reinterpret_cast<float*>(d);
  if (tiles.count < kTileLanes) std::fill_n(lanes, kTilePoints * kTileLanes, 0.0F);
  for (std::int64_t lane = 0; lane < tiles.count; ++lane) {
    const std::int64_t tile = tiles.first + lane;
    gather(x, tile / tiles.tiles_across * kTileOut - pad_top, tile % tiles.tiles_across * kTileOut - pad_left,
           lanes + lane);
  }
  for (std::int64_t j = 0; j < kTileIn; ++j) input_points(d + j, kTileIn, t + j, kTileIn);
  for (std::int64_t i = 0; i < kTileIn; ++i) {
    Lanes row[kTileIn];
    input_points(t + i * kTileIn, 1, row, 1);
    for (std::int64_t j = 0; j < kTileIn; ++j)
      *reinterpret_cast<LooseLanes*>(to + (i * kTileIn + j) * stride) = row[j];
  }
}

PW_CLONES void winograd_output(const float* from, std::int64_t stride, const TileRun& tiles,
                               const WinogradOutput& output) {
  Lanes m[kTileIn], t[kTileOut * kTileIn], r[kTileOut * kTileOut];
  for (std::int64_t j = 0; j < kTileIn; ++j) {
    for (std::int64_t i = 0; i < kTileIn; ++i)
      m[i] = *reinterpret_cast<const LooseLanes*>(from + (i * kTileIn + j) * stride);
    output_points(m, 1, t + j, kTileIn);
  }
  for (std::int64_t i = 0; i < kTileOut; ++i) output_points(t + i * kTileIn, 1, r + i * kTileOut, 1);
  const auto* const lanes = reinterpret_cast<const float*>(r);
  for (std::int64_t lane = 0; lane < tiles.count; ++lane) {
    const std::int64_t tile = tiles.first + lane;
    const std::int64_t top = tile / tiles.tiles_across * kTileOut,
                       left = tile % tiles.tiles_across * kTileOut;
    const std::int64_t rows = std::min(kTileOut, output.height - top);
    const std::int64_t columns = std::min(kTileOut, output.width - left);
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j) {
        const std::int64_t at = (top + i) * output.width + left + j;
        const float sum = lanes[(i * kTileOut + j) * kTileLanes + lane] + output.bias;
        const float whole = output.residual ? sum + output.residual[at] : sum;
        output.y[at] = std::min(std::max(whole, output.bounds.low), output.bounds.high);
      }
  }
}

std::vector<float> winograd_weights(const std::vector<float>& weights, std::int64_t outputs,
                                    std::int64_t inputs) {
  const std::int64_t matrix = outputs * inputs;
  std::vector<float> transformed(static_cast<std::size_t>(kTilePoints * matrix));
  parallel_for(outputs, [&](std::int64_t output, int) {
    for (std::int64_t input = 0; input < inputs; input += kTileLanes) {
      const std::int64_t at = output * inputs + input;
      transform_weights(weights.data() + at * 9, std::min(kTileLanes, inputs - input),
                        transformed.data() + at, matrix);
    }
  });
  return transformed;
}

}  // namespace pw::inference
