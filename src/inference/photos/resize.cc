// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstring>

#include "inference/ground/regular_file.h"
#include "inference/photos/jpeg.h"
#include "inference/photos/photo.h"

namespace pw::inference {
namespace {

// The source position under the centre of each of `to_size` positions: floor((x + 0.5) * from_size /
// to_size). Pillow adds the step up instead of multiplying, which decides where a centre falls on the edge
// between two pixels; its answer is the reference.
std::vector<std::size_t> nearest_positions(int from_size, int to_size) {
  const double step = static_cast<double>(from_size) / to_size;
  std::vector<std::size_t> positions;
  double centre = step * 0.5;
  for (int i = 0; i < to_size; ++i, centre += step) {
    const int position = std::min(static_cast<int>(centre), from_size - 1);
    positions.push_back(static_cast<std::size_t>(position));
  }
  return positions;
}

// Picks pixels out of the rows of a photo, which come from top to bottom.
class Nearest {
 public:
  Nearest(int from_width, int from_height, int width, int height, std::vector<std::uint8_t>& rgb)
      : columns_(nearest_positions(from_width, width)), rows_(nearest_positions(from_height, height)) {
    rgb.resize(columns_.size() * rows_.size() * 3);
    to_ = rgb.data();
    for (std::size_t& column : columns_) column *= 3;
  }

  void take(std::size_t row, const std::uint8_t* rgb) {
    for (; done_ < rows_.size() && rows_[done_] == row; ++done_) {
      // Locals: bytes may alias members, which would be read again for each pixel.
      std::uint8_t* to = to_ + done_ * columns_.size() * 3;
      const std::size_t* columns = columns_.data();
      for (std::size_t i = 0, count = columns_.size(); i < count; ++i, to += 3)
        std::memcpy(to, rgb + columns[i], 3);
    }
  }

 private:
  std::vector<std::size_t> columns_;  // bytes from the start of a row
  std::vector<std::size_t> rows_;
  std::size_t done_ = 0;  // rows of the result
  std::uint8_t* to_;
};

// Row by row: the whole photo is never in memory.
Result<> load_nearest(std::string_view bytes, const std::string& name, int width, int height,
                      std::vector<std::uint8_t>& rgb) {
  Result<JpegRows> rows = JpegRows::open(bytes, name);
  if (!rows) return pass_on(rows);
  Nearest nearest(rows->width(), rows->height(), width, height, rgb);
  // libjpeg-turbo writes to aligned rows around the cache, and they are read at once: one byte off is faster.
  std::vector<std::uint8_t> buffer(static_cast<std::size_t>(rows->width()) * 3 + 1);
  std::uint8_t* row = &buffer[1];
  for (int i = 0; i < rows->height(); ++i) {
    if (const Result<> read = rows->read(row); !read) return read;
    nearest.take(static_cast<std::size_t>(i), row);
  }
  return {};
}

// The source positions first, first + 1, ... that one output position is made of, and their weights.
struct Taps {
  std::size_t first = 0;
  std::vector<int> weights;  // sum to 1 << kWeightBits
};

constexpr int kWeightBits = 22;  // as Pillow has it

// A triangle around the centre of `position`, as wide as a source step on both sides, at least one pixel.
Taps triangle(int position, int from_size, int to_size) {
  const double scale = static_cast<double>(from_size) / to_size;
  const double reach = std::max(scale, 1.0);
  const double centre = (position + 0.5) * scale;
  const int first = std::max(0, static_cast<int>(centre - reach + 0.5));
  const int end = std::min(from_size, static_cast<int>(centre + reach + 0.5));
  std::vector<double> weights;
  double sum = 0;
  for (int i = first; i < end; ++i) {
    weights.push_back(std::max(0.0, 1.0 - std::abs((i - centre + 0.5) / reach)));
    sum += weights.back();
  }
  Taps taps{static_cast<std::size_t>(first), {}};
  for (const double weight : weights)
    taps.weights.push_back(static_cast<int>(0.5 + weight / sum * (1 << kWeightBits)));
  return taps;
}

// One line of the picture (a row or a column) in steps of bytes.
struct Line {
  std::size_t first;
  std::size_t step;
};

std::uint8_t weighted(const std::vector<std::uint8_t>& bytes, const Line& line, const Taps& taps) {
  std::int64_t sum = 1 << (kWeightBits - 1);
  for (std::size_t i = 0; i < taps.weights.size(); ++i)
    sum += std::int64_t{bytes[line.first + (taps.first + i) * line.step]} * taps.weights[i];
  return static_cast<std::uint8_t>(std::clamp<std::int64_t>(sum >> kWeightBits, 0, 255));
}

// `lines` lines of `from_size` pixels become lines of `to_size`. A picture of rows is scaled along its rows
// (`along_rows`), else along its columns.
std::vector<std::uint8_t> scale_lines(const std::vector<std::uint8_t>& rgb, int lines, int from_size,
                                      int to_size, bool along_rows) {
  const auto count = static_cast<std::size_t>(lines);
  const auto from = static_cast<std::size_t>(from_size);
  const auto to = static_cast<std::size_t>(to_size);
  const std::size_t step = along_rows ? 3 : count * 3;
  std::vector<std::uint8_t> scaled(count * to * 3);
  for (std::size_t position = 0; position < to; ++position) {
    const Taps taps = triangle(static_cast<int>(position), from_size, to_size);
    for (std::size_t line = 0; line < count; ++line) {
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t source = (along_rows ? line * from : line) * 3 + c;
        const std::size_t target = (along_rows ? line * to : line) * 3 + c + position * step;
        scaled[target] = weighted(rgb, {source, step}, taps);
      }
    }
  }
  return scaled;
}

}  // namespace

std::vector<std::uint8_t> resize_photo(const Photo& photo, int width, int height, Resize how) {
  if (how == Resize::bilinear) {
    const std::vector<std::uint8_t> narrow = scale_lines(photo.rgb, photo.height, photo.width, width, true);
    return scale_lines(narrow, width, photo.height, height, false);
  }
  std::vector<std::uint8_t> rgb;
  Nearest nearest(photo.width, photo.height, width, height, rgb);
  const auto row_bytes = static_cast<std::size_t>(photo.width) * 3;
  for (std::size_t row = 0; row < static_cast<std::size_t>(photo.height); ++row)
    nearest.take(row, &photo.rgb[row * row_bytes]);
  return rgb;
}

Result<> load_photo(const std::filesystem::path& path, int width, int height, Resize how,
                    std::vector<std::uint8_t>& rgb) {
  const Result<std::string> bytes = read_regular(path, kMostPhotoBytes);
  if (!bytes) return pass_on(bytes);
  if (how == Resize::nearest) return load_nearest(*bytes, path.string(), width, height, rgb);
  const Result<Photo> photo = decode_jpeg(*bytes, path.string());
  if (!photo) return pass_on(photo);
  rgb = resize_photo(*photo, width, height, how);
  return {};
}

}  // namespace pw::inference
