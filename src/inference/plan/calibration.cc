// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/calibration.h"

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <system_error>

#include "inference/ground/sha256.h"
#include "os/file.h"

namespace pw::inference {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int kVersion = 1;  // of the file and of the rule that makes the limits
constexpr const char* kSuffix = ".int8.json";

Calibration parse(const json& root) {
  Calibration calibration;
  calibration.offered = root.at("offered").get<int>();
  calibration.photos = root.at("photos").get<int>();
  calibration.same = root.at("same").get<int>();
  calibration.limits = root.at("limits").get<std::map<std::string, float>>();
  return calibration;
}

bool makes_sense(const Calibration& calibration) {
  for (const auto& [tensor, limit] : calibration.limits)
    if (!std::isfinite(limit) || limit < 0) return false;
  return calibration.photos > 0 && calibration.same >= 0 && calibration.same <= calibration.photos &&
         !calibration.limits.empty();
}

}  // namespace

Result<CalibrationKey> calibration_key(const fs::path& onnx, const std::string& preprocess) {
  std::error_code error;
  const auto bytes = fs::file_size(onnx, error);
  const auto modified = error ? fs::file_time_type{} : fs::last_write_time(onnx, error);
  if (error) return fail_errno(Failure::input, "cannot read", error.value(), onnx.string());
  const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(modified.time_since_epoch());
  return CalibrationKey{bytes, since.count(), preprocess};
}

std::vector<fs::path> calibration_files(const fs::path& onnx) {
  std::error_code ignored;
  const std::string absolute = fs::absolute(onnx, ignored).string();
  const std::string name = onnx.filename().string() + "-" + sha256_hex(absolute).substr(0, 16) + kSuffix;
  return {onnx.string() + kSuffix, cache_folder() / "calibration" / name};
}

std::string write_calibration(const Calibration& calibration, const CalibrationKey& key) {
  const json root = {{"perfwatt_calibration", kVersion},
                     {"model_bytes", key.model_bytes},
                     {"model_modified", key.model_modified},
                     {"preprocess", key.preprocess},
                     {"offered", calibration.offered},
                     {"photos", calibration.photos},
                     {"same", calibration.same},
                     {"limits", calibration.limits}};
  return root.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<Calibration> read_calibration(const std::string& text, const CalibrationKey& key) {
  try {
    const json root = json::parse(text);
    if (root.at("perfwatt_calibration").get<int>() != kVersion)
      return fail(Failure::input, "it is of another version");
    const CalibrationKey of = {root.at("model_bytes").get<std::uint64_t>(),
                               root.at("model_modified").get<std::int64_t>(),
                               root.at("preprocess").get<std::string>()};
    if (of != key) return fail(Failure::input, "it is of another model, or of other preparation");
    const Calibration calibration = parse(root);
    if (makes_sense(calibration)) return calibration;
  } catch (const json::exception&) {
  }
  return fail(Failure::input, "it is broken");
}

}  // namespace pw::inference
