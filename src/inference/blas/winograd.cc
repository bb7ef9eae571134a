// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "inference/blas/blas.h"
#include "inference/blas/conv.h"
#include "inference/blas/winograd_loops.h"
#include "inference/ground/team.h"

namespace pw::inference {
namespace {

constexpr std::int64_t kScratchBytes = std::int64_t{4} << 20;  // for the tiles that are computed at once

std::int64_t round_up(std::int64_t value, std::int64_t to) { return (value + to - 1) / to * to; }

class Winograd {
 public:
  Winograd(Planner& planner, const BlasConv& conv)
      : conv_(conv),
        across_(round_up(conv.shape.output[3], kTileOut) / kTileOut),
        tiles_(round_up(conv.shape.output[2], kTileOut) / kTileOut * across_),
        weights_(std::make_shared<std::vector<float>>(
            winograd_weights(*conv.weights, conv.outputs(), conv.inputs()))) {
    conv_.weights = nullptr;
    const std::int64_t per_tile =
        kTilePoints * (conv.inputs() + conv.outputs()) * std::int64_t{sizeof(float)};
    lanes_ = round_up(tiles_, kTileLanes);
    lanes_ = std::min(lanes_, std::max<std::int64_t>(kScratchBytes / per_tile / kTileLanes, 1) * kTileLanes);
    const Value in = planner.make(plain_desc({kTilePoints, conv.inputs(), lanes_}));
    const Value out = planner.make(plain_desc({kTilePoints, conv.outputs(), lanes_}));
    in_ = static_cast<float*>(in.buffer.get());
    out_ = static_cast<float*>(out.buffer.get());
  }

  void run() const {
    for (std::int64_t image = 0; image < conv_.images(); ++image)
      for (std::int64_t first = 0; first < tiles_; first += lanes_) {
        const std::int64_t count = std::min(lanes_, tiles_ - first);
        parallel_for(conv_.inputs(), [&](std::int64_t channel, int) { read(image, channel, first, count); });
        const std::int64_t rows = std::min(kRows, conv_.outputs());
        const std::int64_t parts = (conv_.outputs() + rows - 1) / rows;
        parallel_for(kTilePoints * parts, [&](std::int64_t index, int) {
          multiply_point(index / parts, index % parts * rows, rows, count);
        });
        parallel_for(conv_.outputs(),
                     [&](std::int64_t channel, int) { write(image, channel, first, count); });
      }
  }

 private:
  static constexpr std::int64_t kRows = 128;  // of a piece of a product

  template <typename Use>
  void each_run(std::int64_t first, std::int64_t count, Use use) const {
    for (std::int64_t at = 0; at < count; at += kTileLanes)
      use(at, TileRun{first + at, std::min(kTileLanes, count - at), across_});
  }

  void read(std::int64_t image, std::int64_t channel, std::int64_t first, std::int64_t count) const {
    const Window& window = conv_.shape.window;
    const Plane x = conv_.source(image, channel);
    each_run(first, count, [&](std::int64_t at, const TileRun& tiles) {
      winograd_input(x, window.pad_begin[0], window.pad_begin[1], tiles, in_ + channel * lanes_ + at,
                     conv_.inputs() * lanes_);
    });
  }

  void multiply_point(std::int64_t point, std::int64_t row, std::int64_t rows, std::int64_t count) const {
    const std::int64_t m = conv_.outputs(), k = conv_.inputs();
    multiply(std::min(rows, m - row), count, k, {weights_->data() + (point * m + row) * k, k},
             {in_ + point * k * lanes_, lanes_}, out_ + (point * m + row) * lanes_, lanes_, false);
  }

  void write(std::int64_t image, std::int64_t channel, std::int64_t first, std::int64_t count) const {
    const std::int64_t plane = (image * conv_.outputs() + channel) * conv_.pixels();
    const WinogradOutput output{
        conv_.y + plane,       conv_.residual ? conv_.residual + plane : nullptr, conv_.shape.output[2],
        conv_.shape.output[3], (*conv_.bias)[static_cast<std::size_t>(channel)],  conv_.bounds};
    each_run(first, count, [&](std::int64_t at, const TileRun& tiles) {
      winograd_output(out_ + channel * lanes_ + at, conv_.outputs() * lanes_, tiles, output);
    });
  }

  BlasConv conv_;
  std::int64_t across_, tiles_;
  Floats weights_;
  std::int64_t lanes_ = 0;  // tiles that are computed at once
  float* in_ = nullptr;     // point, channel, tile
  float* out_ = nullptr;
};

}  // namespace

bool is_winograd(const ConvShape& shape) {
  const Window& w = shape.window;
  constexpr std::array<std::int64_t, 2> kOne = {1, 1}, kThree = {3, 3};
  return shape.groups == 1 && w.kernel == kThree && w.stride == kOne && w.dilation == kOne;
}

BlasKernel winograd_conv(Planner& planner, const BlasConv& conv) {
  const Winograd winograd(planner, conv);
  return {"blas winograd 4x4", [winograd] { winograd.run(); }};
}

}  // namespace pw::inference
