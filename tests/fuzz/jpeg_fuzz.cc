// SPDX-License-Identifier: GPL-3.0-or-later
// clang++ -fsanitize=fuzzer,address: any bytes as a photo, small enough to be quick.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "inference/photos/photo.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t max_pixels = 1 << 20;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const pw::Result<pw::inference::Photo> photo = pw::inference::decode_jpeg(bytes, "fuzz", max_pixels);
  if (!photo) return 0;
  const auto pixels = static_cast<std::size_t>(photo->width) * static_cast<std::size_t>(photo->height);
  if (pixels == 0 || pixels > max_pixels || photo->rgb.size() != pixels * 3) std::abort();
  for (const pw::inference::Resize how : {pw::inference::Resize::nearest, pw::inference::Resize::bilinear})
    if (pw::inference::resize_photo(*photo, 7, 5, how).size() != 7 * 5 * 3) std::abort();
  return 0;
}
