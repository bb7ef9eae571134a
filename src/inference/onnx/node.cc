// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/onnx/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "inference/onnx/tensor.h"

namespace pw::inference {
namespace {

constexpr int kMostInputs = 1 << 16;  // and results, of one node

using Type = onnx::AttributeProto;

// Of what the operators read.
const std::map<std::string_view, Type::AttributeType> kAttributeTypes = {
    {"allowzero", Type::INT},
    {"alpha", Type::FLOAT},
    {"auto_pad", Type::STRING},
    {"axes", Type::INTS},
    {"axis", Type::INT},
    {"beta", Type::FLOAT},
    {"bias", Type::FLOAT},
    {"ceil_mode", Type::INT},
    {"count_include_pad", Type::INT},
    {"dilations", Type::INTS},
    {"end", Type::INT},
    {"ends", Type::INTS},
    {"epsilon", Type::FLOAT},
    {"group", Type::INT},
    {"keepdims", Type::INT},
    {"kernel_shape", Type::INTS},
    {"max", Type::FLOAT},
    {"min", Type::FLOAT},
    {"mode", Type::STRING},
    {"noop_with_empty_axes", Type::INT},
    {"pads", Type::INTS},
    {"perm", Type::INTS},
    {"size", Type::INT},
    {"start", Type::INT},
    {"starts", Type::INTS},
    {"strides", Type::INTS},
    {"to", Type::INT},
    {"transA", Type::INT},
    {"transB", Type::INT},
    {"value_float", Type::FLOAT},
    {"value_floats", Type::FLOATS},
    {"value_int", Type::INT},
    {"value_ints", Type::INTS},
};

Result<Attribute> read_attribute(const Node& node, const onnx::AttributeProto& proto) {
  const auto type = kAttributeTypes.find(proto.name());
  if (type != kAttributeTypes.end() && type->second != proto.type())
    return fail_node(node, fmt::format("its attribute '{}' is of the wrong type", proto.name()));
  Attribute attribute;
  attribute.text = proto.s();
  attribute.integers.assign(proto.ints().begin(), proto.ints().end());
  attribute.floats.assign(proto.floats().begin(), proto.floats().end());
  if (proto.type() == Type::INT) attribute.integers = {proto.i()};
  if (proto.type() == Type::FLOAT) attribute.floats = {proto.f()};
  return attribute;
}

// The one number that ConstantOfShape repeats.
Result<> read_filling(Node& node, const onnx::NodeProto& proto) {
  for (const onnx::AttributeProto& attribute : proto.attribute()) {
    if (attribute.name() != "value") continue;
    auto tensor = read_tensor(attribute.t(), node.name);
    if (!tensor) return pass_on(tensor);
    if (tensor->dims != Dims{1}) return fail_node(node, "its value is not one number");
    node.attributes["value"] = {tensor->integers, tensor->floats, ""};
  }
  return {};
}

}  // namespace

Result<Node> read_node(const onnx::NodeProto& proto) {
  Node node;
  node.op = proto.op_type();
  if (!proto.domain().empty() && proto.domain() != "ai.onnx") node.op = proto.domain() + "." + node.op;
  node.inputs.assign(proto.input().begin(), proto.input().end());
  node.outputs.assign(proto.output().begin(), proto.output().end());
  node.name = proto.name();
  if (node.name.empty()) node.name = node.outputs.empty() ? node.op : node.outputs[0];
  if (node.op.empty()) return fail_node(node, "has no operator");
  if (std::max(proto.input_size(), proto.output_size()) > kMostInputs)
    return fail_node(node,
                     fmt::format("has {} inputs and {} results", proto.input_size(), proto.output_size()));
  for (const onnx::AttributeProto& attribute : proto.attribute()) {
    auto read = read_attribute(node, attribute);
    if (!read) return pass_on(read);
    if (!node.attributes.emplace(attribute.name(), std::move(*read)).second)
      return fail_node(node, fmt::format("has two attributes '{}'", attribute.name()));
  }
  if (node.op == "ConstantOfShape")
    if (auto read = read_filling(node, proto); !read) return pass_on(read);
  return node;
}

}  // namespace pw::inference
