// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/blas_conv.h"
#include "inference/team.h"

namespace pw {

BlasKernel depthwise_conv(const BlasConv& conv) {
  const auto plane = [conv](std::int64_t index, int) {
    const std::int64_t channels = conv.shape.output[1], image = index / channels, channel = index % channels;
    const Window& window = conv.shape.window;
    const float* const kernel = conv.weights->data() + channel * window.kernel[0] * window.kernel[1];
    float* const y = conv.y + index * conv.pixels();
    const Plane x = conv.source(image, channel);
    for (std::int64_t row = 0; row < window.output[0]; ++row)
      depthwise_row(x, window, kernel, row, y + row * window.output[1]);
    conv.finish(image, channel, 0, conv.pixels());
  };
  return {"vector loops depthwise",
          [conv, plane] { parallel_for(conv.images() * conv.shape.output[1], plane); }};
}

}  // namespace pw
