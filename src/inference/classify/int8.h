// SPDX-License-Identifier: GPL-3.0-or-later
// The calibration that int8 needs, out of the photos that are to be classified.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "inference/network/network.h"
#include "inference/photos/photo.h"
#include "inference/photos/photo_list.h"
#include "inference/plan/calibration.h"
#include "inference/plan/network_options.h"

namespace pw::inference {

// Photos to calibrate with, should that be needed, and whom to tell of it.
struct CalibrationPhotos {
  std::vector<PhotoFile> photos;
  Resize resize = Resize::nearest;
  std::function<void(const std::string& text)> tell = [](const std::string&) {};
};

// How the photos of that model are to be prepared: `asked`, else what the model says. Failure::input where
// neither says it.
Result<Preprocess> preparation(const std::string& asked, const Network& network,
                               const std::filesystem::path& onnx);

// The calibration kept beside the model (or in the cache, where that folder cannot be written), or a new one
// that is kept from now on: where there is none, where it is broken, of another model or preparation, or of
// fewer photos than there are now.
Result<std::shared_ptr<const Calibration>> find_calibration(const std::filesystem::path& onnx,
                                                            const NetworkOptions& options,
                                                            const std::string& preprocess,
                                                            const CalibrationPhotos& photos);

}  // namespace pw::inference
