// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions of our own, NCHW, on OpenBLAS and vector loops.
#pragma once

#include <memory>
#include <vector>

#include "inference/ground/vector_loops.h"
#include "inference/plan/conv_shape.h"
#include "inference/plan/planner.h"

namespace pw::inference {

using Floats = std::shared_ptr<const std::vector<float>>;

// One convolution with all that it needs. The memory is the network's.
struct BlasConv {
  ConvShape shape;
  const float* x = nullptr;
  float* y = nullptr;
  const float* residual = nullptr;  // none: nullptr; never y
  Floats weights, bias;             // as in the file; the bias may be zeros
  Bounds bounds;

  std::int64_t images() const { return shape.source[0]; }
  std::int64_t inputs() const { return shape.source[1] / shape.groups; }     // channels of a group
  std::int64_t outputs() const { return shape.output[1] / shape.groups; }    // channels of a group
  std::int64_t pixels() const { return shape.output[2] * shape.output[3]; }  // of an output plane
  std::int64_t plane() const { return shape.source[2] * shape.source[3]; }
  Plane source(std::int64_t image, std::int64_t channel) const {
    return {x + (image * shape.source[1] + channel) * plane(), shape.source[2], shape.source[3]};
  }
  // Bias, residual and bounds for `count` results from `pixel` on.
  void finish(std::int64_t image, std::int64_t channel, std::int64_t pixel, std::int64_t count) const;
};

struct BlasKernel {
  const char* name;
  std::function<void()> run;
};

// A product of matrices; the columns are copied piece by piece, but for 1x1 kernels without stride and
// padding. `planner` lends scratch memory, which is another step's afterwards.
BlasKernel gemm_conv(Planner& planner, const BlasConv& conv);
// One channel a group.
BlasKernel depthwise_conv(Planner& planner, const BlasConv& conv);
// Winograd's F(4x4, 3x3): 36 products where the definition has 144. For what is_winograd() says.
bool is_winograd(const ConvShape& shape);
BlasKernel winograd_conv(Planner& planner, const BlasConv& conv);

}  // namespace pw::inference
