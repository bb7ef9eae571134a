// SPDX-License-Identifier: GPL-3.0-or-later
// Keras layers to ONNX nodes, one after the other. For model_import.cc alone.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "inference/graph/graph.h"
#include "inference/models/tfjs_read.h"
#include "inference/onnx/write.h"

namespace pw::inference {

struct KerasLayer {
  std::string name;
  std::string kind;
  nlohmann::json config;
  std::vector<std::string> inputs;  // layers
};

// "layer 'conv1' (Conv2D): what", Failure::input.
tl::unexpected<Error> fail_layer(const KerasLayer& layer, const std::string& what);

class KerasImporter {
 public:
  KerasImporter(const TfjsModel& model, OnnxWriter& writer) : model_(model), writer_(writer) {}
  // Adds every layer and the output. nlohmann::json's exceptions, where a layer is not written as in Keras,
  // are the caller's.
  Result<> run();

 private:
  struct Tensor {
    std::string name;           // in the ONNX graph
    bool image = false;         // NCHW there, NHWC in Keras
    std::int64_t channels = 0;  // the last dimension in Keras
  };
  enum class Takes { image, list, either };
  struct Kind {
    const char* name;
    Takes takes;
    Result<Tensor> (KerasImporter::*add)(const KerasLayer&, const Tensor&);
  };
  static const Kind kKinds[];

  Result<KerasLayer> read_layer(const nlohmann::json& entry) const;
  Result<Tensor> add_layer(const KerasLayer& layer);
  Result<Tensor> add_input(const KerasLayer& layer);
  Result<Tensor> add_sum(const KerasLayer& layer, const Tensor& input);
  Result<Tensor> zero_padding(const KerasLayer& layer, const Tensor& input);
  Result<Tensor> conv(const KerasLayer& layer, const Tensor& input);
  Result<Tensor> batch_normalization(const KerasLayer& layer, const Tensor& input);
  Result<Tensor> activation(const KerasLayer& layer, const Tensor& input);
  Result<Tensor> pool(const KerasLayer& layer, const Tensor& input);
  Result<Tensor> global_average_pool(const KerasLayer& layer, const Tensor& input);
  Result<Tensor> flatten(const KerasLayer& layer, const Tensor& input);
  Result<Tensor> dense(const KerasLayer& layer, const Tensor& input);

  // The numbers of "layer/part"; an error where they are missing or not of those dimensions.
  Result<std::vector<float>> floats(const KerasLayer& layer, const char* part, const Dims& dims) const;
  // Copies "layer/part" into the ONNX file and returns its name there.
  Result<std::string> copy_weights(const KerasLayer& layer, const char* part, const Dims& dims);
  // The activation that a Conv2D or Dense layer has built in.
  Result<Tensor> activated(const KerasLayer& layer, Tensor made);
  // Padding "valid" or "same" of a Conv2D or a pool.
  Result<> set_padding(const KerasLayer& layer, onnx::NodeProto& node) const;

  const TfjsModel& model_;
  OnnxWriter& writer_;
  std::map<std::string, Tensor> made_;  // by layer
};

}  // namespace pw::inference
