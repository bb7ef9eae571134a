// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/quantize.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pw {
namespace {

constexpr double kClippedShare = 1e-4;

float percentile_limit(const Histogram& histogram) {
  const auto bins = histogram.bins();
  const double count = static_cast<double>(
      std::accumulate(bins.begin(), bins.end(), histogram.zeros()));
  double above = 0;
  std::size_t i = bins.size();
  while (i > 0 && above + static_cast<double>(bins[i - 1]) <= kClippedShare * count)
    above += static_cast<double>(bins[--i]);
  return std::min(histogram.largest(), static_cast<float>(static_cast<double>(i) * histogram.width()));
}

// Rounding to steps of `s` costs s^2/12 on average where values are spread; clipping costs the distance.
float least_error_limit(const Histogram& histogram, int most) {
  const auto bins = histogram.bins();
  const double width = histogram.width();
  double below = static_cast<double>(std::accumulate(bins.begin(), bins.end(), std::uint64_t{0}));
  double count = 0, sum = 0, squares = 0;  // of what lies above
  double best = histogram.largest();
  double least = below * (best / most) * (best / most) / 12;
  for (std::size_t i = bins.size(); i-- > 1;) {
    const double n = static_cast<double>(bins[i]), middle = (static_cast<double>(i) + 0.5) * width;
    below -= n;
    count += n;
    sum += n * middle;
    squares += n * middle * middle;
    const double limit = static_cast<double>(i) * width;
    if (limit >= histogram.largest()) continue;
    const double step = limit / most;
    const double error = below * step * step / 12 + squares - 2 * limit * sum + limit * limit * count;
    if (error >= least) continue;
    least = error;
    best = limit;
  }
  return static_cast<float>(best);
}

}  // namespace

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
    if (!std::isfinite(value)) continue;
    negative_ = negative_ || value < 0;
    if (value == 0)
      ++zeros_;
    else
      ++bins_[static_cast<std::size_t>(std::abs(value) * per_bin)];
  }
}

float clip_limit(const Histogram& histogram, int most, ClipRule rule) {
  if (rule == ClipRule::percentile) return percentile_limit(histogram);
  if (rule == ClipRule::least_error) return least_error_limit(histogram, most);
  return histogram.largest();
}

}  // namespace pw
