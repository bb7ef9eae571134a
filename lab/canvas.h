// SPDX-License-Identifier: GPL-3.0-or-later
// A square picture to draw on, the same on every machine: coordinates from -0.5 to 0.5, colours from 0 to
// 255.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

// jpeglib.h needs size_t and FILE.
#include <jpeglib.h>

namespace pw::drawing {

using Colour = std::array<double, 3>;

// SplitMix64 (Steele, Lea and Flood 2014): the std distributions differ between libraries.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  double uniform(double low, double high);
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  bool chance(double probability) { return uniform(0, 1) < probability; }

 private:
  std::uint64_t state_;
};

// A number per pixel.
class Field {
 public:
  explicit Field(int size) : size_(size), values_(static_cast<std::size_t>(size * size)) {}
  double& at(int x, int y) { return values_[static_cast<std::size_t>(y * size_ + x)]; }
  double at(int x, int y) const { return values_[static_cast<std::size_t>(y * size_ + x)]; }

 private:
  int size_;
  std::vector<double> values_;
};

// One pixel while it is drawn.
struct Pixel {
  int column, row;
  double x, y;      // -0.5 to 0.5
  double* channel;  // red, green, blue

  // Lays `colour` over it: `cover` 0 leaves it, 1 replaces it.
  void blend(const Colour& colour, double cover) const;
  void scale(double factor) const;
};

class Canvas {
 public:
  Canvas(int size, const Colour& background);
  int size() const { return size_; }
  void each(const std::function<void(const Pixel&)>& draw);
  void blur();                                       // a Gaussian of 0.8 pixels
  void add_grain(double deviation, Random& random);  // gray noise, as a camera's
  std::string jpeg(int quality) const;

 private:
  void blur_along(int step_x, int step_y);
  double* pixel(int x, int y) { return &channels_[static_cast<std::size_t>((y * size_ + x) * 3)]; }

  int size_;
  std::vector<double> channels_;
};

inline std::uint64_t Random::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

inline double Random::uniform(double low, double high) {
  return low + (high - low) * static_cast<double>(next() >> 11) * 0x1p-53;
}

// Smooth noise from -0.5 to 0.5 with hills some `scale` pixels apart.
inline Field noise(int size, int scale, Random& random) {
  const int cells = std::max(2, size / scale);
  std::vector<double> grid(static_cast<std::size_t>((cells + 1) * (cells + 1)));
  for (double& value : grid) value = random.uniform(-0.5, 0.5);
  const auto smooth = [](double t) { return t * t * (3 - 2 * t); };
  Field field(size);
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const double gx = static_cast<double>(x) * cells / size;
      const double gy = static_cast<double>(y) * cells / size;
      const auto at = static_cast<std::size_t>(static_cast<int>(gy) * (cells + 1) + static_cast<int>(gx));
      const auto below = at + static_cast<std::size_t>(cells) + 1;
      const double tx = smooth(gx - std::floor(gx));
      const double ty = smooth(gy - std::floor(gy));
      field.at(x, y) =
          std::lerp(std::lerp(grid[at], grid[at + 1], tx), std::lerp(grid[below], grid[below + 1], tx), ty);
    }
  }
  return field;
}

// The sum of two fields, each with its factor.
inline Field mixed(int size, const Field& a, double factor_a, const Field& b, double factor_b) {
  Field sum(size);
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x) sum.at(x, y) = a.at(x, y) * factor_a + b.at(x, y) * factor_b;
  return sum;
}

inline void Pixel::blend(const Colour& colour, double cover) const {
  for (std::size_t c = 0; c < 3; ++c) channel[c] = channel[c] * (1 - cover) + colour[c] * cover;
}

inline void Pixel::scale(double factor) const {
  for (std::size_t c = 0; c < 3; ++c) channel[c] *= factor;
}

inline Canvas::Canvas(int size, const Colour& background) : size_(size) {
  for (int i = 0; i < size * size; ++i)
    channels_.insert(channels_.end(), background.begin(), background.end());
}

inline void Canvas::each(const std::function<void(const Pixel&)>& draw) {
  for (int y = 0; y < size_; ++y)
    for (int x = 0; x < size_; ++x)
      draw({x, y, static_cast<double>(x) / size_ - 0.5, static_cast<double>(y) / size_ - 0.5, pixel(x, y)});
}

inline void Canvas::blur_along(int step_x, int step_y) {
  static constexpr std::array<double, 5> weights = {0.0219, 0.2285, 0.4992, 0.2285, 0.0219};
  std::vector<double> blurred(channels_.size());
  for (int y = 0; y < size_; ++y) {
    for (int x = 0; x < size_; ++x) {
      double* to = &blurred[static_cast<std::size_t>((y * size_ + x) * 3)];
      for (int tap = -2; tap <= 2; ++tap) {
        const double* from =
            pixel(std::clamp(x + tap * step_x, 0, size_ - 1), std::clamp(y + tap * step_y, 0, size_ - 1));
        for (std::size_t c = 0; c < 3; ++c) to[c] += from[c] * weights[static_cast<std::size_t>(tap + 2)];
      }
    }
  }
  channels_ = std::move(blurred);
}

inline void Canvas::blur() {
  for (double& value : channels_) value = std::clamp(value, 0.0, 255.0);
  blur_along(1, 0);
  blur_along(0, 1);
}

inline void Canvas::add_grain(double deviation, Random& random) {
  each([&](const Pixel& pixel) {
    double sum = 0;  // of four uniform numbers: close to normal, with a variance of 1/3
    for (int i = 0; i < 4; ++i) sum += random.uniform(-0.5, 0.5);
    const double grain = sum * std::sqrt(3.0) * deviation;
    for (std::size_t c = 0; c < 3; ++c) pixel.channel[c] += grain;
  });
}

inline std::string Canvas::jpeg(int quality) const {
  std::vector<JSAMPLE> bytes;
  for (const double value : channels_) bytes.push_back(static_cast<JSAMPLE>(std::clamp(value, 0.0, 255.0)));
  jpeg_compress_struct cinfo{};
  jpeg_error_mgr errors{};
  cinfo.err = jpeg_std_error(&errors);
  jpeg_create_compress(&cinfo);
  unsigned char* buffer = nullptr;
  unsigned long length = 0;
  jpeg_mem_dest(&cinfo, &buffer, &length);
  cinfo.image_width = cinfo.image_height = static_cast<JDIMENSION>(size_);
  cinfo.input_components = 3;
  cinfo.in_color_space = JCS_RGB;
  jpeg_set_defaults(&cinfo);
  jpeg_set_quality(&cinfo, quality, TRUE);
  jpeg_start_compress(&cinfo, TRUE);
  while (cinfo.next_scanline < cinfo.image_height) {
    JSAMPROW row = &bytes[std::size_t{cinfo.next_scanline} * cinfo.image_width * 3];
    jpeg_write_scanlines(&cinfo, &row, 1);
  }
  jpeg_finish_compress(&cinfo);
  jpeg_destroy_compress(&cinfo);
  std::string file(reinterpret_cast<const char*>(buffer), length);
  std::free(buffer);
  return file;
}

}  // namespace pw::drawing
