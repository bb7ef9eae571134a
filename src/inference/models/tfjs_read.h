// SPDX-License-Identifier: GPL-3.0-or-later
// TensorFlow.js "layers models" in: model.json with a Keras model, and its weights in shards.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "base/result.h"
#include "inference/graph/graph.h"

namespace pw::inference {

struct TfjsWeights {
  Dims dims;
  std::size_t offset = 0;  // in `bytes`; float32, little-endian
};

struct TfjsModel {
  std::string model_json;                      // the file's bytes
  nlohmann::json layers;                       // the Keras layers, an array in the order of the file
  std::string name;                            // the Keras model's
  std::string input;                           // its one input layer
  std::string output;                          // its one output layer
  std::string bytes;                           // all shards in the order of the manifest
  std::map<std::string, TfjsWeights> weights;  // "layer/kernel"
};

// Errors (Failure::input) name the file: broken JSON, another format, a shard that is missing, short or long.
Result<TfjsModel> read_tfjs(const std::filesystem::path& folder);

}  // namespace pw::inference
