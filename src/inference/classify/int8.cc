// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/int8.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>

#include "inference/network/calibrate.h"
#include "os/file.h"

namespace pw::inference {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostBytes = 16U << 20;  // of the file

int photos_to_be_had(const CalibrationPhotos& photos) {
  return static_cast<int>(std::min(photos.photos.size(), kCalibrationPhotos));
}

bool in_cache(const fs::path& file) { return file.parent_path().parent_path() == cache_folder(); }

// Nothing where there is none of use.
std::optional<Calibration> kept(const fs::path& onnx, const CalibrationKey& key,
                                const CalibrationPhotos& photos) {
  for (const fs::path& file : calibration_files(onnx)) {
    std::error_code error;
    if (in_cache(file) && !check_cache(file.parent_path())) continue;
    const auto bytes = fs::file_size(file, error);
    if (error) continue;
    const auto text = bytes <= kMostBytes ? read_file(file) : Result<std::string>("");
    const auto read = text ? read_calibration(*text, key) : pass_on(text);
    if (read && read->offered >= photos_to_be_had(photos)) return *read;
    photos.tell(
        fmt::format("{} is made anew: {}", file.string(),
                    read ? fmt::format("it is of {} photos alone", read->offered) : read.error().what));
  }
  return std::nullopt;
}

// Where it is kept; "" where nowhere.
std::string keep(const fs::path& onnx, const std::string& text) {
  for (const fs::path& file : calibration_files(onnx))
    if ((!in_cache(file) || make_cache(file.parent_path())) && write_file(file, text)) return file.string();
  return "";
}

// Those that can be read.
Result<std::vector<std::vector<float>>> prepare(const CalibrationPhotos& photos, const Network& network,
                                                const Preprocess& how) {
  const InputShape shape = network.input();
  std::vector<std::vector<float>> prepared;
  std::vector<std::uint8_t> rgb;
  for (const std::size_t index : evenly_spread(photos.photos.size(), kCalibrationPhotos)) {
    if (!load_photo(photos.photos[index].path, shape.width, shape.height, photos.resize, rgb)) continue;
    preprocess(rgb, shape, how, prepared.emplace_back(rgb.size()));
  }
  return prepared;
}

}  // namespace

Result<Preprocess> preparation(const std::string& asked, const Network& network, const fs::path& onnx) {
  const std::string how = asked.empty() ? network.metadata("perfwatt.preprocess") : asked;
  if (how.empty())
    return fail(Failure::input, "the file does not say how its photos are to be prepared", onnx.string(),
                "add --preprocess caffe, tf, torch or none");
  return find_preprocess(how);
}

Result<std::shared_ptr<const Calibration>> find_calibration(const fs::path& onnx,
                                                            const NetworkOptions& options,
                                                            const std::string& preprocess,
                                                            const CalibrationPhotos& photos) {
  const auto key = calibration_key(onnx, preprocess);
  if (!key) return pass_on(key);
  if (auto found = kept(onnx, *key, photos)) return std::make_shared<const Calibration>(std::move(*found));
  auto made = calibrate(onnx, options, [&](const Network& network) -> Result<PreparedPhotos> {
    const auto how = preparation(preprocess, network, onnx);
    if (!how) return pass_on(how);
    return prepare(photos, network, *how);
  });
  if (!made) return pass_on(made);
  made->offered = photos_to_be_had(photos);
  const std::string file = keep(onnx, write_calibration(*made, *key));
  photos.tell(fmt::format("calibrated int8 on {} photos, {}", made->photos,
                          file.empty() ? "which cannot be kept" : "kept in " + file));
  return std::make_shared<const Calibration>(std::move(*made));
}

}  // namespace pw::inference
