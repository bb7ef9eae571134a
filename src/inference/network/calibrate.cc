// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/network/calibrate.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "inference/ground/quantize.h"
#include "inference/plan/precision.h"

namespace pw::inference {
namespace {

using Classes = std::vector<std::ptrdiff_t>;

Result<Classes> classes_of(Network& network, const PreparedPhotos& photos) {
  std::vector<float> scores(static_cast<std::size_t>(network.classes()));
  Classes classes;
  for (const std::vector<float>& pixels : photos) {
    if (const auto done = network.run(pixels, scores); !done) return pass_on(done);
    classes.push_back(std::max_element(scores.begin(), scores.end()) - scores.begin());
  }
  return classes;
}

// What fp32 says and how large its numbers are.
struct Reference {
  PreparedPhotos photos;
  Classes classes;
  std::map<std::string, Histogram> seen;
};

Result<Reference> run_in_fp32(const std::filesystem::path& onnx, NetworkOptions options,
                              const PreparePhotos& prepare) {
  options.precision = Precision::fp32;
  Reference reference;
  auto network =
      Network::load(onnx, options, [&reference](const std::string& tensor, std::span<const float> numbers) {
        reference.seen[tensor].add(numbers);
      });
  if (!network) return pass_on(network);
  auto photos = prepare(*network);
  if (!photos) return pass_on(photos);
  if (photos->empty())
    return fail(Failure::input, "no photo can be read to calibrate int8 with", onnx.string());
  auto classes = classes_of(*network, *photos);
  if (!classes) return pass_on(classes);
  reference.photos = std::move(*photos);
  reference.classes = std::move(*classes);
  return reference;
}

std::map<std::string, float> limits_of(const std::map<std::string, Histogram>& seen) {
  std::map<std::string, float> limits;
  for (const auto& [tensor, histogram] : seen)
    limits[tensor] = clip_limit(histogram, histogram.negative() ? kMostS8 : kMostU8);
  return limits;
}

}  // namespace

Result<Calibration> calibrate(const std::filesystem::path& onnx, const NetworkOptions& options,
                              const PreparePhotos& photos) {
  NetworkOptions one = options;
  one.batch = 1;
  one.winograd = false;  // nothing to measure before
  one.precision = Precision::int8;
  if (auto can = check_precision(one.precision, one.backend, usable_isa()); !can) return pass_on(can);
  const auto reference = run_in_fp32(onnx, one, photos);
  if (!reference) return pass_on(reference);

  const auto calibration = std::make_shared<Calibration>();
  calibration->limits = limits_of(reference->seen);
  one.calibration = calibration;
  auto network = Network::load(onnx, one);
  if (!network) return pass_on(network);
  const auto classes = classes_of(*network, reference->photos);
  if (!classes) return pass_on(classes);
  calibration->photos = static_cast<int>(classes->size());
  for (std::size_t i = 0; i < classes->size(); ++i)
    calibration->same += (*classes)[i] == reference->classes[i] ? 1 : 0;
  return *calibration;
}

std::vector<std::size_t> evenly_spread(std::size_t total, std::size_t count) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < std::min(total, count); ++i)
    indices.push_back(total <= count ? i : (2 * i + 1) * total / (2 * count));
  return indices;
}

}  // namespace pw::inference
