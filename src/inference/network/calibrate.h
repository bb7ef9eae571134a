// SPDX-License-Identifier: GPL-3.0-or-later
// A calibration out of photos.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "base/result.h"
#include "inference/network/network.h"
#include "inference/plan/calibration.h"
#include "inference/plan/network_options.h"

namespace pw::inference {

inline constexpr std::size_t kCalibrationPhotos = 32;  // at most

using PreparedPhotos = std::vector<std::vector<float>>;  // height * width * 3 floats each

// Asked for once, with the network that they are for.
using PreparePhotos = std::function<Result<PreparedPhotos>(const Network&)>;

// Runs the model on them in fp32, sees how large each tensor becomes, and runs them in int8 to see how many
// are classed alike. Errors as of Network::load and run; Failure::input where there is no photo.
Result<Calibration> calibrate(const std::filesystem::path& onnx, const NetworkOptions& options,
                              const PreparePhotos& photos);

// `count` of `total` indices, evenly spread; all where there are no more.
std::vector<std::size_t> evenly_spread(std::size_t total, std::size_t count);

}  // namespace pw::inference
