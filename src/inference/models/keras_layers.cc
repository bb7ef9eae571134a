// SPDX-License-Identifier: GPL-3.0-or-later
// The layers that KerasImporter knows: one function each, one row each in keras_importer.cc.
#include <fmt/format.h>

#include <tuple>
#include <utility>

#include "inference/models/keras_importer.h"

namespace pw::inference {

using nlohmann::json;

namespace {

// Height and width, out of [h, w] or one number for both.
Dims two_numbers(const json& value) {
  if (value.is_number()) return {value.get<std::int64_t>(), value.get<std::int64_t>()};
  return {value.at(0).get<std::int64_t>(), value.at(1).get<std::int64_t>()};
}

// HWIO, as Keras has it, to OIHW.
std::vector<float> to_oihw(const std::vector<float>& hwio, const Dims& dims) {
  const auto positions = static_cast<std::size_t>(dims[0] * dims[1]);
  const auto inputs = static_cast<std::size_t>(dims[2]), outputs = static_cast<std::size_t>(dims[3]);
  std::vector<float> oihw(hwio.size());
  for (std::size_t p = 0; p < positions; ++p)
    for (std::size_t i = 0; i < inputs; ++i)
      for (std::size_t o = 0; o < outputs; ++o)
        oihw[(o * inputs + i) * positions + p] = hwio[(p * inputs + i) * outputs + o];
  return oihw;
}

}  // namespace

Result<KerasImporter::Tensor> KerasImporter::add_sum(const KerasLayer& layer, const Tensor& input) {
  if (layer.inputs.size() != 2) return fail_layer(layer, "only the sum of two is supported");
  const Tensor& other = made_.at(layer.inputs[1]);
  if (other.channels != input.channels || other.image != input.image)
    return fail_layer(layer, "adds tensors of different shapes");
  writer_.node("Add", layer.name, {input.name, other.name});
  return Tensor{layer.name, input.image, input.channels};
}

Result<KerasImporter::Tensor> KerasImporter::zero_padding(const KerasLayer& layer, const Tensor& input) {
  const json& padding = layer.config.at("padding");  // [[top, bottom], [left, right]]
  const Dims height = two_numbers(padding.at(0)), width = two_numbers(padding.at(1));
  const std::string pads = layer.name + "/pads";
  writer_.integers(pads, Dims{0, 0, height[0], width[0], 0, 0, height[1], width[1]});
  OnnxWriter::set(writer_.node("Pad", layer.name, {input.name, pads}), "mode", "constant");
  return Tensor{layer.name, true, input.channels};
}

Result<> KerasImporter::set_padding(const KerasLayer& layer, onnx::NodeProto& node) const {
  const std::string padding = layer.config.at("padding").get<std::string>();
  if (padding != "valid" && padding != "same") return fail_layer(layer, "padding '" + padding + "'");
  if (padding == "same") OnnxWriter::set(node, "auto_pad", "SAME_UPPER");
  return {};
}

Result<KerasImporter::Tensor> KerasImporter::conv(const KerasLayer& layer, const Tensor& input) {
  const Dims kernel = two_numbers(layer.config.at("kernel_size"));
  const auto filters = layer.config.at("filters").get<std::int64_t>();
  const auto groups = layer.config.value("groups", std::int64_t{1});
  if (groups < 1 || input.channels % groups != 0) return fail_layer(layer, fmt::format("{} groups", groups));
  const Dims dims = {kernel[0], kernel[1], input.channels / groups, filters};
  const auto hwio = floats(layer, "kernel", dims);
  if (!hwio) return pass_on(hwio);
  std::vector<std::string> inputs = {input.name, layer.name + "/kernel"};
  writer_.weights(inputs[1], {filters, dims[2], kernel[0], kernel[1]}, to_oihw(*hwio, dims));
  if (layer.config.value("use_bias", true)) {
    const auto bias = copy_weights(layer, "bias", {filters});
    if (!bias) return pass_on(bias);
    inputs.push_back(*bias);
  }
  onnx::NodeProto& node = writer_.node("Conv", layer.name, inputs);
  OnnxWriter::set(node, "kernel_shape", kernel);
  OnnxWriter::set(node, "strides", two_numbers(layer.config.at("strides")));
  OnnxWriter::set(node, "dilations", two_numbers(layer.config.value("dilation_rate", json(1))));
  OnnxWriter::set(node, "group", groups);
  if (auto set = set_padding(layer, node); !set) return pass_on(set);
  return activated(layer, {layer.name, true, filters});
}

Result<KerasImporter::Tensor> KerasImporter::batch_normalization(const KerasLayer& layer,
                                                                 const Tensor& input) {
  const json axis = layer.config.value("axis", json(-1));
  const auto channels_axis = (axis.is_array() ? axis.at(0) : axis).get<std::int64_t>();
  if (channels_axis != -1 && channels_axis != (input.image ? 3 : 1))
    return fail_layer(layer, fmt::format("axis {} is not supported", channels_axis));
  std::vector<std::string> inputs = {input.name};
  const Dims dims = {input.channels};
  for (const auto& [part, used, otherwise] : {std::tuple{"gamma", "scale", 1.0F},
                                              {"beta", "center", 0.0F},
                                              {"moving_mean", "", 0.0F},
                                              {"moving_variance", "", 0.0F}}) {
    inputs.push_back(layer.name + "/" + part);
    if (*used && !layer.config.value(used, true)) {
      writer_.weights(inputs.back(), dims,
                      std::vector<float>(static_cast<std::size_t>(input.channels), otherwise));
    } else if (const auto copied = copy_weights(layer, part, dims); !copied) {
      return pass_on(copied);
    }
  }
  onnx::NodeProto& node = writer_.node("BatchNormalization", layer.name, inputs);
  OnnxWriter::set(node, "epsilon", layer.config.value("epsilon", 1e-3F));
  return Tensor{layer.name, input.image, input.channels};
}

Result<KerasImporter::Tensor> KerasImporter::activation(const KerasLayer& layer, const Tensor& input) {
  return activated(layer, input);
}

Result<KerasImporter::Tensor> KerasImporter::activated(const KerasLayer& layer, Tensor made) {
  const std::string function = layer.config.value("activation", "linear");
  const std::string name = made.name == layer.name ? layer.name + "/" + function : layer.name;
  if (function == "linear") return made;
  if (function == "relu") {
    writer_.node("Relu", name, {made.name});
  } else if (function == "softmax" && !made.image) {
    OnnxWriter::set(writer_.node("Softmax", name, {made.name}), "axis", std::int64_t{-1});
  } else {
    return fail_layer(layer, "activation '" + function + "' is not supported here");
  }
  made.name = name;
  return made;
}

Result<KerasImporter::Tensor> KerasImporter::pool(const KerasLayer& layer, const Tensor& input) {
  const bool max = layer.kind == "MaxPooling2D";
  onnx::NodeProto& node = writer_.node(max ? "MaxPool" : "AveragePool", layer.name, {input.name});
  const Dims kernel = two_numbers(layer.config.at("pool_size"));
  const json strides = layer.config.value("strides", json());
  OnnxWriter::set(node, "kernel_shape", kernel);
  OnnxWriter::set(node, "strides", strides.is_null() ? kernel : two_numbers(strides));
  if (auto set = set_padding(layer, node); !set) return pass_on(set);
  return Tensor{layer.name, true, input.channels};
}

Result<KerasImporter::Tensor> KerasImporter::global_average_pool(const KerasLayer& layer,
                                                                 const Tensor& input) {
  writer_.node("GlobalAveragePool", layer.name + "/mean", {input.name});
  OnnxWriter::set(writer_.node("Flatten", layer.name, {layer.name + "/mean"}), "axis", std::int64_t{1});
  return Tensor{layer.name, false, input.channels};
}

Result<KerasImporter::Tensor> KerasImporter::flatten(const KerasLayer& layer, const Tensor& input) {
  Tensor made{layer.name, false, 0};  // 0: not known, dense() takes what its weights say
  std::string from = input.name;
  if (input.image) {
    from = layer.name + "/nhwc";
    OnnxWriter::set(writer_.node("Transpose", from, {input.name}), "perm", Dims{0, 2, 3, 1});
  }
  OnnxWriter::set(writer_.node("Flatten", layer.name, {from}), "axis", std::int64_t{1});
  return made;
}

Result<KerasImporter::Tensor> KerasImporter::dense(const KerasLayer& layer, const Tensor& input) {
  const auto units = layer.config.at("units").get<std::int64_t>();
  std::int64_t inputs = input.channels;
  if (const auto found = model_.weights.find(layer.name + "/kernel");
      inputs == 0 && found != model_.weights.end() && found->second.dims.size() == 2)
    inputs = found->second.dims[0];
  const auto kernel = copy_weights(layer, "kernel", {inputs, units});
  if (!kernel) return pass_on(kernel);
  std::vector<std::string> tensors = {input.name, *kernel};
  if (layer.config.value("use_bias", true)) {
    const auto bias = copy_weights(layer, "bias", {units});
    if (!bias) return pass_on(bias);
    tensors.push_back(*bias);
  }
  writer_.node("Gemm", layer.name, tensors);
  return activated(layer, {layer.name, false, units});
}

}  // namespace pw::inference
