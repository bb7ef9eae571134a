// SPDX-License-Identifier: GPL-3.0-or-later
// The models that perfwatt knows by name: one text file each in data/models, the ONNX file in the cache.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pw::inference {

struct ModelInfo {
  std::string name;        // "resnet50"
  std::string title;       // one line for people
  bool synthetic = false;  // generated weights: its answers mean nothing, only its speed does
  std::string preprocess;  // how its photos are prepared: "caffe" is RGB -> BGR, minus the ImageNet means
  std::filesystem::path labels;  // CSV: index,synset,label
  std::string licence;
  std::string source;
  std::string package;  // npm package@version; "" where there is nothing to fetch
  std::int64_t package_bytes = 0;
  std::string package_sha256;
  std::string model_json_sha256;
  std::string weights_sha256;  // of the shards put together
  std::string folder;          // inside the package
  std::filesystem::path file;  // the ONNX file in the cache, there or not
  std::string onnx_sha256;     // of that file
  bool present = false;        // whether it is there
};

// All models, by name. Errors: Failure::input for a broken file in data/models.
Result<std::vector<ModelInfo>> list_models();

// Failure::input, with what may have been meant, where there is no such model.
Result<ModelInfo> find_model(const std::string& name);

// Told what is being done now: "downloading ...".
using FetchProgress = std::function<void(std::string_view)>;

// Brings the model into the cache (or generates it, where it is synthetic) and returns its ONNX file; at once
// where it is there already. Errors: Failure::not_possible without npm or a way to the package,
// Failure::input where what came is not what was expected.
Result<std::filesystem::path> fetch_model(const std::string& name, const FetchProgress& progress);

// Whether the file of the cache is the model: nobody else could write there, and its bytes are those of
// data/models. Failure::not_possible, Failure::input.
Result<> check_file(const ModelInfo& model);

// The ONNX file of a model that is there, and checked; a synthetic one is generated where it is not.
// Failure::input with the command that fetches it where it is absent.
Result<std::filesystem::path> model_path(const std::string& name);

}  // namespace pw::inference
