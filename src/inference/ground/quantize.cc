// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/ground/quantize.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pw::inference {

float scale_of(float limit, int most) {
  const float scale = limit / static_cast<float>(most);
  return std::isnormal(scale) && scale > 0 ? scale : 1.0F;
}

std::vector<float> channel_scales(std::span<const float> weights, std::size_t channels) {
  std::vector<float> scales(channels, 1.0F);
  const std::size_t each = channels == 0 ? 0 : weights.size() / channels;
  for (std::size_t c = 0; c < channels; ++c) {
    float largest = 0;
    for (const float weight : weights.subspan(c * each, each)) largest = std::max(largest, std::abs(weight));
    scales[c] = scale_of(largest, kMostS8);
  }
  return scales;
}

void Histogram::reach(double magnitude) {
  if (bins_.empty()) {
    bins_.resize(kBins);
    width_ = std::exp2(std::ceil(std::log2(magnitude / kBins)));
  }
  while (magnitude >= width_ * kBins) {
    for (std::size_t i = 0; i < kBins / 2; ++i) bins_[i] = bins_[2 * i] + bins_[2 * i + 1];
    std::fill(bins_.begin() + kBins / 2, bins_.end(), 0);
    width_ *= 2;
  }
}

void Histogram::add(std::span<const float> values) {
  float largest = 0;
  for (const float value : values)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  if (largest > 0) reach(largest);
  largest_ = std::max(largest_, largest);
  const double per_bin = width_ > 0 ? 1 / width_ : 0;  // exact: the width is a power of two
  for (const float value : values) {
    if (value == 0 || !std::isfinite(value)) continue;
    negative_ = negative_ || value < 0;
    ++bins_[static_cast<std::size_t>(std::abs(value) * per_bin)];
  }
}

// Rounding to steps of `s` costs s^2/12 on average where values are spread; clipping costs the distance.
float clip_limit(const Histogram& histogram, int most) {
  const auto bins = histogram.bins();
  const double largest = histogram.largest();
  const auto rounding = [most](double count, double limit) {
    const double step = limit / most;
    return count * step * step / 12;
  };
  double below = static_cast<double>(std::accumulate(bins.begin(), bins.end(), std::uint64_t{0}));
  double best = largest, least = rounding(below, largest);
  double count = 0, sum = 0, squares = 0;  // of what lies above the limit
  for (std::size_t i = bins.size(); i-- > 1;) {
    const double n = static_cast<double>(bins[i]),
                 middle = (static_cast<double>(i) + 0.5) * histogram.width();
    below -= n;
    count += n;
    sum += n * middle;
    squares += n * middle * middle;
    const double limit = static_cast<double>(i) * histogram.width();
    const double error = rounding(below, limit) + squares - 2 * limit * sum + limit * limit * count;
    if (limit >= largest || error >= least) continue;
    least = error;
    best = limit;
  }
  return static_cast<float>(best);
}

}  // namespace pw::inference
