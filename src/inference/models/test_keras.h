// SPDX-License-Identifier: GPL-3.0-or-later
// For the tests: small TensorFlow.js layers models, written into a folder.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "inference/graph/graph.h"
#include "os/file.h"

namespace pw::inference::test {

// Layers one after the other; weights in two shards.
class KerasFiles {
 public:
  explicit KerasFiles(const Dims& height_width_channels) {
    nlohmann::json shape = {nullptr};
    for (const std::int64_t dim : height_width_channels) shape.push_back(dim);
    layer("InputLayer", "in", {{"batch_input_shape", shape}}, {});
  }

  KerasFiles& layer(const char* kind, const std::string& name, nlohmann::json config) {
    return layer(kind, name, std::move(config), {last_});
  }

  KerasFiles& layer(const char* kind, const std::string& name, nlohmann::json config,
                    const std::vector<std::string>& inputs) {
    nlohmann::json call = nlohmann::json::array();
    for (const std::string& input : inputs) call.push_back({input, 0, 0, nlohmann::json::object()});
    nlohmann::json calls = nlohmann::json::array();
    if (!inputs.empty()) calls.push_back(call);
    layers_.push_back({{"class_name", kind}, {"name", name}, {"config", config}, {"inbound_nodes", calls}});
    last_ = name;
    return *this;
  }

  KerasFiles& weights(const std::string& name, const Dims& dims, const std::vector<float>& values) {
    manifest_.push_back({{"name", name}, {"shape", dims}, {"dtype", "float32"}});
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
    return *this;
  }

  nlohmann::json model_json() const {
    nlohmann::json config = {{"name", "tiny"},
                             {"layers", layers_},
                             {"input_layers", {{"in", 0, 0}}},
                             {"output_layers", {{last_, 0, 0}}}};
    nlohmann::json group = {{"paths", {"a.bin", "b.bin"}}, {"weights", manifest_}};
    return {{"format", "layers-model"},
            {"modelTopology", {{"model_config", {{"class_name", "Model"}, {"config", config}}}}},
            {"weightsManifest", nlohmann::json::array({group})}};
  }

  const std::string& weight_bytes() const { return bytes_; }

  void write(const std::filesystem::path& folder) const {
    const std::size_t half = bytes_.size() / 2;
    ASSERT_TRUE(make_folder(folder));
    ASSERT_TRUE(write_file(folder / "model.json", model_json().dump()));
    ASSERT_TRUE(write_file(folder / "a.bin", bytes_.substr(0, half)));
    ASSERT_TRUE(write_file(folder / "b.bin", bytes_.substr(half)));
  }

 private:
  nlohmann::json layers_ = nlohmann::json::array(), manifest_ = nlohmann::json::array();
  std::string last_, bytes_;
};

// relu(dense(flatten(conv 1x1))) of a 1x2x3 image, two classes.
inline KerasFiles tiny_keras() {
  KerasFiles files({1, 2, 3});
  files.layer("Conv2D", "conv",
              {{"filters", 2}, {"kernel_size", {1, 1}}, {"strides", {1, 1}}, {"padding", "valid"}});
  files.weights("conv/kernel", {1, 1, 3, 2}, {1, 0, 0, 1, 0, 0});  // the first two channels
  files.weights("conv/bias", {2}, {10, 20});
  files.layer("Flatten", "flat", nlohmann::json::object());
  files.layer("Dense", "fc", {{"units", 2}, {"activation", "relu"}});
  files.weights("fc/kernel", {4, 2}, {1, 0, 10, 0, 100, 0, 1000, -1});
  files.weights("fc/bias", {2}, {0, 0});
  return files;
}

}  // namespace pw::inference::test
