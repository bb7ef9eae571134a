// SPDX-License-Identifier: GPL-3.0-or-later
// The transforms of Winograd's F(4x4, 3x3), for kTileLanes tiles at once. Lavin and Gray, "Fast Algorithms
// for Convolutional Neural Networks", 2015 (arXiv:1509.09308), section 4.3.
#pragma once

#include <cstdint>
#include <vector>

#include "inference/ground/vector_loops.h"

namespace pw::inference {

inline constexpr std::int64_t kTileLanes = 16;
inline constexpr std::int64_t kTileOut = 4, kTileIn = 6, kTilePoints = kTileIn * kTileIn;

// Tiles `first` to `first + count` (at most kTileLanes) of an output, row by row.
struct TileRun {
  std::int64_t first, count, tiles_across;
};

// 36 points of each tile of the input, which begins `pad` before the plane; those past the last tile are 0.
// Point p of lane l is to[p * stride + l].
void winograd_input(const Plane& x, std::int64_t pad_top, std::int64_t pad_left, const TileRun& tiles,
                    float* to, std::int64_t stride);

// What becomes of a plane of the output.
struct WinogradOutput {
  float* y;
  const float* residual;  // none: nullptr
  std::int64_t height, width;
  float bias;
  Bounds bounds;
};
void winograd_output(const float* from, std::int64_t stride, const TileRun& tiles,
                     const WinogradOutput& output);

// 36 matrices of outputs x inputs out of weights OIHW.
std::vector<float> winograd_weights(const std::vector<float>& weights, std::int64_t outputs,
                                    std::int64_t inputs);

}  // namespace pw::inference
