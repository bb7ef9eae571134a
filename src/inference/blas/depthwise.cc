// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/blas/conv.h"
#include "inference/ground/team.h"

namespace pw::inference {

BlasKernel depthwise_conv(Planner& planner, const BlasConv& conv) {
  const Window& window = conv.shape.window;
  const bool three = is_depthwise_3x3(window);
  const std::int64_t per_thread = three ? depthwise_scratch(conv.source(0, 0), window) : 0;
  Value scratch;
  if (three) scratch = planner.make(plain_desc({team_size(), per_thread}));
  auto* const floats = static_cast<float*>(scratch.buffer.get());
  const auto plane = [conv, three, floats, per_thread](std::int64_t index, int thread) {
    const std::int64_t channels = conv.shape.output[1], image = index / channels, channel = index % channels;
    const Window& w = conv.shape.window;
    const float* const kernel = conv.weights->data() + channel * w.kernel[0] * w.kernel[1];
    float* const y = conv.y + index * conv.pixels();
    const Plane x = conv.source(image, channel);
    if (three)
      depthwise_3x3(x, w, kernel, floats + thread * per_thread, y);
    else
      for (std::int64_t row = 0; row < w.output[0]; ++row)
        depthwise_row(x, w, kernel, row, y + row * w.output[1]);
    conv.finish(image, channel, 0, conv.pixels());
  };
  return {"vector loops depthwise",
          [conv, plane] { parallel_for(conv.images() * conv.shape.output[1], plane); }};
}

}  // namespace pw::inference
