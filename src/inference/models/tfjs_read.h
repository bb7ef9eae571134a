// SPDX-License-Identifier: GPL-3.0-or-later
// TensorFlow.js "layers models" in: model.json with a Keras model, and its weights in shards.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
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

// How the shards are come by, by their name in the manifest.
struct Shards {
  std::function<Result<std::size_t>(const std::string& name)> size;  // in bytes
  std::function<Result<std::string>(const std::string& name, std::size_t most)> read;
};

// The most of a model.json, and of all its weights, in bytes.
inline constexpr std::size_t kMostJson = std::size_t{64} << 20;
inline constexpr std::size_t kMostWeights = std::size_t{1} << 30;

// Errors (Failure::input): broken JSON or one of many nested levels, another format, a shard that is missing,
// short or long; no more is read than the manifest lists.
Result<TfjsModel> parse_tfjs(std::string model_json, const Shards& shards);

// The same of a folder with model.json and its shards, which are regular files. Errors name the file.
Result<TfjsModel> read_tfjs(const std::filesystem::path& folder);

}  // namespace pw::inference
