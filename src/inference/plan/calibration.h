// SPDX-License-Identifier: GPL-3.0-or-later
// What int8 needs to know of a model: how large the numbers between its layers become, on photos of the
// user's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace pw::inference {

struct Calibration {
  std::map<std::string, float> limits;  // by tensor: magnitudes above it are clipped
  int offered = 0;                      // photos that it was to be made of
  int photos = 0;                       // of those that could be read
  int same = 0;                         // of those photos, by int8 classed as by fp32
};

// What a calibration was made for. It is of no use for anything else.
struct CalibrationKey {
  std::uint64_t model_bytes = 0;
  std::int64_t model_modified = 0;  // nanoseconds, in the file system's own count
  std::string preprocess;           // as it was asked for; "": as the model says
  bool operator==(const CalibrationKey&) const = default;
};

// Failure::input where there is no such file.
Result<CalibrationKey> calibration_key(const std::filesystem::path& onnx, const std::string& preprocess);

// Where the model's calibration is kept: beside it, else in the cache.
std::vector<std::filesystem::path> calibration_files(const std::filesystem::path& onnx);

std::string write_calibration(const Calibration& calibration, const CalibrationKey& key);

// Errors (Failure::input) say why it is of no use: broken, of another model, of another version.
Result<Calibration> read_calibration(const std::string& text, const CalibrationKey& key);

}  // namespace pw::inference
