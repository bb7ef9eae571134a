// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "inference/blas.h"
#include "inference/blas_conv.h"
#include "inference/team.h"

namespace pw {
namespace {

std::int64_t pieces(std::int64_t whole, std::int64_t part) { return (whole + part - 1) / part; }

bool columns_are_there(const ConvShape& shape) {
  const Window& w = shape.window;
  constexpr std::array<std::int64_t, 2> kOne = {1, 1}, kNone = {0, 0};
  return w.kernel == kOne && w.stride == kOne && w.pad_begin == kNone && w.pad_end == kNone;
}

// The output's matrix (channels x pixels) in tiles: panels of columns, each for a part of the rows, so that
// all threads have work where the columns are few.
struct Tiling {
  std::int64_t columns, panels, rows, parts;

  // `others`: matrices of the same kind. A part more is another copy of the columns, where they are copied.
  Tiling(const BlasConv& conv, std::int64_t others, bool copies) {
    columns = std::min(gemm_blocks().n, conv.pixels());
    panels = pieces(conv.pixels(), columns);
    const std::int64_t most = pieces(conv.outputs(), kLeastRows);
    const std::int64_t wanted = team_size() == 1 ? 1 : team_size() * (copies ? 1 : kTilesPerThread);
    parts = std::clamp<std::int64_t>(pieces(wanted, panels * others), 1, most);
    rows = pieces(pieces(conv.outputs(), parts), 8) * 8;
    parts = pieces(conv.outputs(), rows);
  }

  static constexpr std::int64_t kLeastRows = 32, kTilesPerThread = 4;
};

class GemmConv {
 public:
  GemmConv(const BlasConv& conv, bool copies, float* scratch)
      : conv_(conv),
        copies_(copies),
        scratch_(scratch),
        tiling_(conv, conv.images() * conv.shape.groups, copies) {}

  static std::int64_t scratch_per_thread(const BlasConv& conv) {
    return std::min(gemm_blocks().n, conv.pixels()) * std::min(gemm_blocks().k, depth(conv));
  }

  void run() const {
    const std::int64_t tiles = tiling_.panels * tiling_.parts;
    parallel_for(conv_.images() * conv_.shape.groups * tiles, [&](std::int64_t index, int thread) {
      const std::int64_t group = index / tiles, tile = index % tiles;
      compute(group / conv_.shape.groups, group % conv_.shape.groups, tile / tiling_.parts,
              tile % tiling_.parts, scratch_ + thread * scratch_per_thread(conv_));
    });
  }

 private:
  static std::int64_t depth(const BlasConv& conv) {
    return conv.inputs() * conv.shape.window.kernel[0] * conv.shape.window.kernel[1];
  }

  void compute(std::int64_t image, std::int64_t group, std::int64_t panel, std::int64_t part,
               float* copy) const {
    const std::int64_t k = depth(conv_), pixels = conv_.pixels();
    const std::int64_t n0 = panel * tiling_.columns, n = std::min(tiling_.columns, pixels - n0);
    const std::int64_t row = part * tiling_.rows, m = std::min(tiling_.rows, conv_.outputs() - row);
    const std::int64_t channel = group * conv_.outputs() + row;
    const Plane x = conv_.source(image, group * conv_.inputs());
    float* const y = conv_.y + (image * conv_.shape.output[1] + channel) * pixels + n0;
    const std::int64_t step = std::min(gemm_blocks().k, k);
    for (std::int64_t k0 = 0; k0 < k; k0 += step) {
      const std::int64_t depth = std::min(step, k - k0);
      Matrix columns = {x.data + k0 * pixels + n0, pixels};
      if (copies_) {
        copy_columns(x, conv_.shape.window, k0, depth, n0, n, copy);
        columns = {copy, n};
      }
      multiply(m, n, depth, {conv_.weights->data() + channel * k + k0, k}, columns, y, pixels, k0 > 0);
    }
    for (std::int64_t c = channel; c < channel + m; ++c) conv_.finish(image, c, n0, n);
  }

  BlasConv conv_;
  bool copies_;
  float* scratch_;
  Tiling tiling_;
};

}  // namespace

BlasKernel gemm_conv(Planner& planner, const BlasConv& conv) {
  const bool copies = !columns_are_there(conv.shape);
  Value scratch;
  if (copies) scratch = planner.make(plain_desc({team_size(), GemmConv::scratch_per_thread(conv)}));
  const GemmConv gemm(conv, copies, static_cast<float*>(scratch.buffer.get()));
  return {copies ? "blas im2col+sgemm" : "blas sgemm 1x1", [gemm] { gemm.run(); }};
}

}  // namespace pw
