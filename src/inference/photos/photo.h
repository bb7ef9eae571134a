// SPDX-License-Identifier: GPL-3.0-or-later
// From a decoded photo to what a network takes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inference/graph/input_shape.h"
#include "inference/photos/jpeg.h"

namespace pw::inference {

enum class Resize {
  nearest,   // source pixel floor((x + 0.5) * W / width): the reference
  bilinear,  // a triangle filter as wide as a source step, as Pillow's and Keras's `bilinear`
};

// height x width x 3 RGB bytes.
std::vector<std::uint8_t> resize_photo(const Photo& photo, int width, int height, Resize how);

// Reads, decodes and scales into `rgb`, height x width x 3 bytes.
Result<> load_photo(const std::filesystem::path& path, int width, int height, Resize how,
                    std::vector<std::uint8_t>& rgb);

// How bytes become the numbers that a network was trained on: (byte / divisor - mean) / deviation.
struct Preprocess {
  std::string_view name;
  bool bgr;  // blue first
  float divisor;
  float mean[3];       // in the network's channel order
  float deviation[3];  // in the network's channel order
};

// All there are: caffe, caffe-rounded, tf, torch, none.
std::span<const Preprocess> preprocesses();

// An Error (Failure::input) with what may have been meant where there is none of that name.
Result<Preprocess> find_preprocess(const std::string& name);

// `rgb`: height x width x 3 bytes; `pixels`: as many floats, in the shape's layout.
void preprocess(std::span<const std::uint8_t> rgb, const InputShape& shape, const Preprocess& how,
                std::span<float> pixels);

}  // namespace pw::inference
