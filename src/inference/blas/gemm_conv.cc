// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "inference/blas/blas.h"
#include "inference/blas/conv.h"
#include "inference/ground/team.h"

namespace pw::inference {
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

// How the columns of the matrix come about.
enum class Columns {
  there,   // they are the input
  copied,  // each tile copies its own, piece by piece
  shared,  // copied once, before the tiles of the same columns
};

class GemmConv {
 public:
  explicit GemmConv(const BlasConv& conv)
      : conv_(conv),
        matrices_(conv.images() * conv.shape.groups),
        depth_(conv.inputs() * conv.shape.window.kernel[0] * conv.shape.window.kernel[1]),
        tiling_(conv, matrices_, !columns_are_there(conv.shape)) {
    if (!columns_are_there(conv.shape)) columns_ = tiling_.parts > 1 ? Columns::shared : Columns::copied;
  }

  std::int64_t scratch_size() const {
    if (columns_ == Columns::there) return 0;
    return columns_ == Columns::shared ? matrices_ * tiling_.panels * shared_size()
                                       : team_size() * copied_size();
  }
  void use_scratch(float* scratch) { scratch_ = scratch; }

  void run() const {
    if (columns_ == Columns::shared) copy_all();
    const std::int64_t tiles = tiling_.panels * tiling_.parts;
    parallel_for(matrices_ * tiles, [&](std::int64_t index, int thread) {
      compute(index / tiles, index % tiles / tiling_.parts, index % tiling_.parts,
              scratch_ + thread * copied_size());
    });
  }

 private:
  static constexpr std::int64_t kCopiedRows = 64;  // a thread takes at once

  std::int64_t shared_size() const { return depth_ * tiling_.columns; }
  std::int64_t copied_size() const { return std::min(gemm_blocks().k, depth_) * tiling_.columns; }
  std::int64_t first_column(std::int64_t panel) const { return panel * tiling_.columns; }
  std::int64_t width(std::int64_t panel) const {
    return std::min(tiling_.columns, conv_.pixels() - first_column(panel));
  }
  Plane source(std::int64_t matrix) const {
    return conv_.source(matrix / conv_.shape.groups, matrix % conv_.shape.groups * conv_.inputs());
  }
  float* shared(std::int64_t matrix, std::int64_t panel) const {
    return scratch_ + (matrix * tiling_.panels + panel) * shared_size();
  }
  void copy(std::int64_t matrix, std::int64_t panel, std::int64_t row, std::int64_t rows, float* to) const {
    copy_columns(source(matrix), conv_.shape.window, row, rows, first_column(panel), width(panel), to);
  }

  void copy_all() const {
    const std::int64_t parts = pieces(depth_, kCopiedRows);
    parallel_for(matrices_ * tiling_.panels * parts, [&](std::int64_t index, int) {
      const std::int64_t matrix = index / parts / tiling_.panels, panel = index / parts % tiling_.panels;
      const std::int64_t row = index % parts * kCopiedRows;
      copy(matrix, panel, row, std::min(kCopiedRows, depth_ - row),
           shared(matrix, panel) + row * width(panel));
    });
  }

  // Rows `row` to `row + rows` of the columns; `own`: where this thread may copy them.
  Matrix columns(std::int64_t matrix, std::int64_t panel, std::int64_t row, std::int64_t rows,
                 float* own) const {
    const std::int64_t n = width(panel), pixels = conv_.pixels();
    if (columns_ == Columns::there) return {source(matrix).data + row * pixels + first_column(panel), pixels};
    if (columns_ == Columns::shared) return {shared(matrix, panel) + row * n, n};
    copy(matrix, panel, row, rows, own);
    return {own, n};
  }

  void compute(std::int64_t matrix, std::int64_t panel, std::int64_t part, float* own) const {
    const std::int64_t image = matrix / conv_.shape.groups, group = matrix % conv_.shape.groups;
    const std::int64_t row = part * tiling_.rows, m = std::min(tiling_.rows, conv_.outputs() - row);
    const std::int64_t channel = group * conv_.outputs() + row, pixels = conv_.pixels();
    const std::int64_t n0 = first_column(panel), n = width(panel);
    float* const y = conv_.y + (image * conv_.shape.output[1] + channel) * pixels + n0;
    const std::int64_t step = std::min(gemm_blocks().k, depth_);
    for (std::int64_t k0 = 0; k0 < depth_; k0 += step) {
      const std::int64_t k = std::min(step, depth_ - k0);
      multiply(m, n, k, {conv_.weights->data() + channel * depth_ + k0, depth_},
               columns(matrix, panel, k0, k, own), y, pixels, k0 > 0);
    }
    for (std::int64_t c = channel; c < channel + m; ++c) conv_.finish(image, c, n0, n);
  }

  BlasConv conv_;
  std::int64_t matrices_;  // one for each group of each image
  std::int64_t depth_;     // rows of the columns
  Tiling tiling_;
  Columns columns_ = Columns::there;
  float* scratch_ = nullptr;
};

}  // namespace

BlasKernel gemm_conv(Planner& planner, const BlasConv& conv) {
  GemmConv gemm(conv);
  Value scratch;
  if (gemm.scratch_size() > 0) scratch = planner.make(plain_desc({gemm.scratch_size()}));
  gemm.use_scratch(static_cast<float*>(scratch.buffer.get()));
  return {columns_are_there(conv.shape) ? "blas sgemm 1x1" : "blas im2col+sgemm", [gemm] { gemm.run(); }};
}

}  // namespace pw::inference
