// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/photos/photo.h"

#include <array>

#include "base/text.h"

namespace pw::inference {
namespace {

// As keras.applications has them, and the rounded means of Caffe's own models (SqueezeNet).
constexpr Preprocess kPreprocesses[] = {
    {"caffe", true, 1.0f, {103.939f, 116.779f, 123.68f}, {1, 1, 1}},
    {"caffe-rounded", true, 1.0f, {104, 117, 123}, {1, 1, 1}},
    {"tf", false, 127.5f, {1, 1, 1}, {1, 1, 1}},
    {"torch", false, 255.0f, {0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}},
    {"none", false, 1.0f, {0, 0, 0}, {1, 1, 1}},
};

}  // namespace

std::span<const Preprocess> preprocesses() { return kPreprocesses; }

Result<Preprocess> find_preprocess(const std::string& name) {
  std::vector<std::string> names;
  for (const Preprocess& how : kPreprocesses) {
    if (how.name == name) return how;
    names.emplace_back(how.name);
  }
  const std::string meant = did_you_mean(name, names);
  return fail(Failure::input, "no such preprocessing '" + name + "'", "",
              meant.empty() ? "there are " + join(names, ", ") : meant);
}

void preprocess(std::span<const std::uint8_t> rgb, const InputShape& shape, const Preprocess& how,
                std::span<float> pixels) {
  const auto area = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  for (std::size_t c = 0; c < 3; ++c) {
    std::array<float, 256> number;
    for (std::size_t byte = 0; byte < number.size(); ++byte)
      number[byte] = (static_cast<float>(byte) / how.divisor - how.mean[c]) / how.deviation[c];
    const std::uint8_t* from = rgb.data() + (how.bgr ? 2 - c : c);
    float* to = pixels.data() + (shape.channels_last ? c : c * area);
    const std::size_t step = shape.channels_last ? 3 : 1;
    for (std::size_t pixel = 0; pixel < area; ++pixel) to[pixel * step] = number[from[pixel * 3]];
  }
}

}  // namespace pw::inference
