// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/onnx/write.h"

#include "inference/onnx/proto.h"
#include "os/file.h"

namespace pw::inference {
namespace {

// Of this writer: another release of perfwatt writes the same bytes (data/models has their SHA-256).
constexpr const char* kWriter = "0.1.0";

void set_type(onnx::ValueInfoProto& value, const std::string& name, const Dims& dims) {
  value.set_name(name);
  onnx::TypeProto::Tensor& type = *value.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t dim : dims) type.mutable_shape()->add_dim()->set_dim_value(dim);
}

onnx::AttributeProto& add_attribute(onnx::NodeProto& node, const std::string& name,
                                    onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(type);
  return attribute;
}

}  // namespace

OnnxWriter::OnnxWriter(const std::string& graph_name, const std::string& input, const Dims& input_dims)
    : model_(std::make_unique<onnx::ModelProto>()) {
  model_->set_ir_version(7);
  model_->set_producer_name("perfwatt");
  model_->set_producer_version(kWriter);
  onnx::OperatorSetIdProto& opset = *model_->add_opset_import();
  opset.set_domain("");
  opset.set_version(13);
  model_->mutable_graph()->set_name(graph_name);
  set_type(*model_->mutable_graph()->add_input(), input, input_dims);
}

OnnxWriter::OnnxWriter(OnnxWriter&&) noexcept = default;
OnnxWriter& OnnxWriter::operator=(OnnxWriter&&) noexcept = default;
OnnxWriter::~OnnxWriter() = default;

void OnnxWriter::metadata(const std::string& key, const std::string& value) {
  onnx::StringStringEntryProto& entry = *model_->add_metadata_props();
  entry.set_key(key);
  entry.set_value(value);
}

void OnnxWriter::weights(const std::string& name, const Dims& dims, std::span<const float> floats) {
  onnx::TensorProto& tensor = *model_->mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t dim : dims) tensor.add_dims(dim);
  tensor.set_raw_data(floats.data(), floats.size_bytes());
}

void OnnxWriter::integers(const std::string& name, std::span<const std::int64_t> values) {
  onnx::TensorProto& tensor = *model_->mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::INT64);
  tensor.add_dims(static_cast<std::int64_t>(values.size()));
  tensor.set_raw_data(values.data(), values.size_bytes());
}

onnx::NodeProto& OnnxWriter::node(const std::string& op, const std::string& name,
                                  const std::vector<std::string>& inputs) {
  onnx::NodeProto& node = *model_->mutable_graph()->add_node();
  node.set_op_type(op);
  node.set_name(name);
  for (const std::string& input : inputs) node.add_input(input);
  node.add_output(name);
  return node;
}

void OnnxWriter::set(onnx::NodeProto& node, const std::string& attribute, std::int64_t value) {
  add_attribute(node, attribute, onnx::AttributeProto::INT).set_i(value);
}

void OnnxWriter::set(onnx::NodeProto& node, const std::string& attribute, float value) {
  add_attribute(node, attribute, onnx::AttributeProto::FLOAT).set_f(value);
}

void OnnxWriter::set(onnx::NodeProto& node, const std::string& attribute, const char* text) {
  add_attribute(node, attribute, onnx::AttributeProto::STRING).set_s(text);
}

void OnnxWriter::set(onnx::NodeProto& node, const std::string& attribute, const Dims& values) {
  onnx::AttributeProto& added = add_attribute(node, attribute, onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) added.add_ints(value);
}

void OnnxWriter::output(const std::string& name, const Dims& dims) {
  set_type(*model_->mutable_graph()->add_output(), name, dims);
}

std::string OnnxWriter::bytes() const { return model_->SerializeAsString(); }

Result<> OnnxWriter::write(const std::filesystem::path& path) const { return write_file(path, bytes()); }

}  // namespace pw::inference
