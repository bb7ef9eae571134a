// SPDX-License-Identifier: GPL-3.0-or-later
// JPEG files to pixels, exactly as Pillow's convert("RGB") gives them (the reference procedure).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pw::inference {

struct Photo {
  int width = 0;                  // pixels
  int height = 0;                 // pixels
  std::vector<std::uint8_t> rgb;  // height x width x 3, row by row
};

// The largest photo that is decoded: Pillow's own limit.
inline constexpr std::size_t kMaxPixels = 178'956'970;

// The largest file that is read, in bytes.
inline constexpr std::size_t kMostPhotoBytes = std::size_t{1} << 30;

// Whether the bytes start as a JPEG file does (also MPO).
bool is_jpeg(std::string_view bytes);

// The rows of the first picture of a JPEG or MPO file, from top to bottom, with the ISLOW DCT and fancy
// upsampling; the Exif orientation is ignored, gray becomes RGB, CMYK is taken as Adobe's (inverted). Damage
// that leaves a whole picture is tolerated, a missing end marker, too; an Error (Failure::input) names `name`
// where pixels are missing, or the file is no JPEG, is larger than `max_pixels`, or its Exif header is cut
// short (which Pillow refuses too).
class JpegRows {
 public:
  // `bytes` outlive the object.
  static Result<JpegRows> open(std::string_view bytes, const std::string& name,
                               std::size_t max_pixels = kMaxPixels);
  JpegRows(JpegRows&&) noexcept;
  JpegRows& operator=(JpegRows&&) noexcept;
  ~JpegRows();

  int width() const;   // pixels
  int height() const;  // pixels

  // The next row, width() x 3 bytes; called height() times. The last call also checks how the file ends.
  Result<> read(std::uint8_t* rgb);

 private:
  struct Decoder;
  explicit JpegRows(std::unique_ptr<Decoder> decoder);
  std::unique_ptr<Decoder> decoder_;
};

// All rows.
Result<Photo> decode_jpeg(std::string_view bytes, const std::string& name,
                          std::size_t max_pixels = kMaxPixels);

// Reads and decodes.
Result<Photo> read_photo(const std::filesystem::path& path);

}  // namespace pw::inference
