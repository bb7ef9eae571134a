// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/calibrate.h"

#include <algorithm>
#include <memory>

namespace pw {
namespace {

using Photos = std::vector<std::vector<float>>;

// The class of each photo.
Result<std::vector<std::ptrdiff_t>> classes_of(Network& network, const Photos& photos) {
  std::vector<float> scores(static_cast<std::size_t>(network.classes()));
  std::vector<std::ptrdiff_t> classes;
  for (const std::vector<float>& pixels : photos) {
    if (const auto done = network.run(pixels, scores); !done) return pass_on(done);
    classes.push_back(std::max_element(scores.begin(), scores.end()) - scores.begin());
  }
  return classes;
}

}  // namespace

Result<Calibration> calibrate(const std::filesystem::path& onnx, const NetworkOptions& options,
                              const PreparedPhotos& photos, ClipRule rule) {
  std::map<std::string, Histogram> seen;
  NetworkOptions plain = options;
  plain.batch = 1;
  plain.precision = Precision::fp32;
  plain.winograd = false;  // nothing to measure before
  std::optional<Photos> prepared;
  std::vector<std::ptrdiff_t> expected;
  {
    auto network =
        Network::load(onnx, plain, [&seen](const std::string& tensor, std::span<const float> numbers) {
          seen[tensor].add(numbers);
        });
    if (!network) return pass_on(network);
    auto made = photos(*network);
    if (!made) return pass_on(made);
    if (made->empty()) return fail(Failure::input, "no photo to calibrate int8 with");
    prepared = std::move(*made);
    auto classes = classes_of(*network, *prepared);
    if (!classes) return pass_on(classes);
    expected = std::move(*classes);
  }
  auto calibration = std::make_shared<Calibration>();
  for (const auto& [tensor, histogram] : seen)
    calibration->limits[tensor] = clip_limit(histogram, histogram.negative() ? kMostS8 : kMostU8, rule);
  NetworkOptions narrow = plain;
  narrow.precision = Precision::int8;
  narrow.calibration = calibration;
  auto network = Network::load(onnx, narrow);
  if (!network) return pass_on(network);
  const auto classes = classes_of(*network, *prepared);
  if (!classes) return pass_on(classes);
  calibration->photos = static_cast<int>(classes->size());
  for (std::size_t i = 0; i < classes->size(); ++i) calibration->same += (*classes)[i] == expected[i] ? 1 : 0;
  return *calibration;
}

std::vector<std::size_t> evenly_spread(std::size_t total, std::size_t count) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < std::min(total, count); ++i)
    indices.push_back(total <= count ? i : (2 * i + 1) * total / (2 * count));
  return indices;
}

}  // namespace pw
