// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX files out: opset 13, IR version 7, weights as raw float32.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "inference/graph/graph.h"

// Of <onnx/onnx_pb.h>, which those include who look into the messages.
namespace onnx {
class ModelProto;
class NodeProto;
}  // namespace onnx

namespace pw::inference {

class OnnxWriter {
 public:
  OnnxWriter(const std::string& graph_name, const std::string& input, const Dims& input_dims);
  OnnxWriter(OnnxWriter&&) noexcept;
  OnnxWriter& operator=(OnnxWriter&&) noexcept;
  ~OnnxWriter();

  void metadata(const std::string& key, const std::string& value);
  void weights(const std::string& name, const Dims& dims, std::span<const float> floats);
  void integers(const std::string& name, std::span<const std::int64_t> values);

  // A node with one result of its own name.
  onnx::NodeProto& node(const std::string& op, const std::string& name,
                        const std::vector<std::string>& inputs);
  static void set(onnx::NodeProto& node, const std::string& attribute, std::int64_t value);
  static void set(onnx::NodeProto& node, const std::string& attribute, float value);
  static void set(onnx::NodeProto& node, const std::string& attribute, const char* text);
  static void set(onnx::NodeProto& node, const std::string& attribute, const Dims& values);

  void output(const std::string& name, const Dims& dims);

  onnx::ModelProto& model() { return *model_; }

  // The file's bytes.
  std::string bytes() const;
  // Written beside `path`, then renamed.
  Result<> write(const std::filesystem::path& path) const;

 private:
  std::unique_ptr<onnx::ModelProto> model_;
};

}  // namespace pw::inference
