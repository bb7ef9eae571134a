// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/model_import.h"

#include <fmt/format.h>

#include <cstring>
#include <map>
#include <utility>

namespace pw {
namespace {

using nlohmann::json;

struct Layer {
  std::string name;
  std::string kind;
  json config;
  std::vector<std::string> inputs;  // layers
};

tl::unexpected<Error> fail_layer(const Layer& layer, const std::string& what) {
  return fail(Failure::input, fmt::format("layer '{}' ({}): {}", layer.name, layer.kind, what));
}

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

class Importer {
 public:
  Importer(const TfjsModel& model, OnnxWriter& writer) : model_(model), writer_(writer) {}
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
    Result<Tensor> (Importer::*add)(const Layer&, const Tensor&);
  };
  static const Kind kKinds[];

  Result<Layer> read_layer(const json& entry) const;
  Result<Tensor> add_layer(const Layer& layer);
  Result<Tensor> add_input(const Layer& layer);
  Result<Tensor> add_sum(const Layer& layer, const Tensor& input);
  Result<Tensor> zero_padding(const Layer& layer, const Tensor& input);
  Result<Tensor> conv(const Layer& layer, const Tensor& input);
  Result<Tensor> batch_normalization(const Layer& layer, const Tensor& input);
  Result<Tensor> activation(const Layer& layer, const Tensor& input);
  Result<Tensor> pool(const Layer& layer, const Tensor& input);
  Result<Tensor> global_average_pool(const Layer& layer, const Tensor& input);
  Result<Tensor> flatten(const Layer& layer, const Tensor& input);
  Result<Tensor> dense(const Layer& layer, const Tensor& input);

  // The numbers of "layer/part"; an error where they are missing or not of those dimensions.
  Result<std::vector<float>> floats(const Layer& layer, const char* part, const Dims& dims) const;
  // Copies "layer/part" into the ONNX file and returns its name there.
  Result<std::string> copy_weights(const Layer& layer, const char* part, const Dims& dims);
  // The activation that a Conv2D or Dense layer has built in.
  Result<Tensor> activated(const Layer& layer, Tensor made);
  // Padding "valid" or "same" of a Conv2D or a pool.
  Result<> set_padding(const Layer& layer, onnx::NodeProto& node) const;

  const TfjsModel& model_;
  OnnxWriter& writer_;
  std::map<std::string, Tensor> made_;  // by layer
};

const Importer::Kind Importer::kKinds[] = {
    {"Activation", Takes::either, &Importer::activation},
    {"Add", Takes::either, &Importer::add_sum},
    {"AveragePooling2D", Takes::image, &Importer::pool},
    {"BatchNormalization", Takes::either, &Importer::batch_normalization},
    {"BatchNormalizationV1", Takes::either, &Importer::batch_normalization},
    {"Conv2D", Takes::image, &Importer::conv},
    {"Dense", Takes::list, &Importer::dense},
    {"Flatten", Takes::either, &Importer::flatten},
    {"GlobalAveragePooling2D", Takes::image, &Importer::global_average_pool},
    {"MaxPooling2D", Takes::image, &Importer::pool},
    {"ZeroPadding2D", Takes::image, &Importer::zero_padding},
};

Result<Layer> Importer::read_layer(const json& entry) const {
  Layer layer{
      entry.at("name").get<std::string>(), entry.at("class_name").get<std::string>(), entry.at("config"), {}};
  const json& calls = entry.at("inbound_nodes");
  if (calls.size() > 1) return fail_layer(layer, "is used more than once, which is not supported");
  for (const json& call : calls)
    for (const json& input : call) layer.inputs.push_back(input.at(0).get<std::string>());
  if (layer.config.value("data_format", "channels_last") != "channels_last")
    return fail_layer(layer, "only data_format channels_last is supported");
  return layer;
}

Result<std::vector<float>> Importer::floats(const Layer& layer, const char* part, const Dims& dims) const {
  const auto found = model_.weights.find(layer.name + "/" + part);
  if (found == model_.weights.end()) return fail_layer(layer, fmt::format("its {} is missing", part));
  if (found->second.dims != dims)
    return fail_layer(
        layer, fmt::format("its {} is {}, not {}", part, dims_text(found->second.dims), dims_text(dims)));
  std::vector<float> values(static_cast<std::size_t>(element_count(dims)));
  std::memcpy(values.data(), model_.bytes.data() + found->second.offset, values.size() * sizeof(float));
  return values;
}

Result<std::string> Importer::copy_weights(const Layer& layer, const char* part, const Dims& dims) {
  const auto values = floats(layer, part, dims);
  if (!values) return pass_on(values);
  std::string name = layer.name + "/" + part;
  writer_.weights(name, dims, *values);
  return name;
}

Result<Importer::Tensor> Importer::add_input(const Layer& layer) {
  if (layer.name != model_.input) return fail_layer(layer, "a second input is not supported");
  const json& shape = layer.config.at("batch_input_shape");
  const std::string name = layer.name + "/nchw";
  OnnxWriter::set(writer_.node("Transpose", name, {layer.name}), "perm", Dims{0, 3, 1, 2});
  return Tensor{name, true, shape.at(3).get<std::int64_t>()};
}

Result<Importer::Tensor> Importer::add_sum(const Layer& layer, const Tensor& input) {
  if (layer.inputs.size() != 2) return fail_layer(layer, "only the sum of two is supported");
  const Tensor& other = made_.at(layer.inputs[1]);
  if (other.channels != input.channels || other.image != input.image)
    return fail_layer(layer, "adds tensors of different shapes");
  writer_.node("Add", layer.name, {input.name, other.name});
  return Tensor{layer.name, input.image, input.channels};
}

Result<Importer::Tensor> Importer::zero_padding(const Layer& layer, const Tensor& input) {
  const json& padding = layer.config.at("padding");  // [[top, bottom], [left, right]]
  const Dims height = two_numbers(padding.at(0)), width = two_numbers(padding.at(1));
  const std::string pads = layer.name + "/pads";
  writer_.integers(pads, Dims{0, 0, height[0], width[0], 0, 0, height[1], width[1]});
  OnnxWriter::set(writer_.node("Pad", layer.name, {input.name, pads}), "mode", "constant");
  return Tensor{layer.name, true, input.channels};
}

Result<> Importer::set_padding(const Layer& layer, onnx::NodeProto& node) const {
  const std::string padding = layer.config.at("padding").get<std::string>();
  if (padding != "valid" && padding != "same") return fail_layer(layer, "padding '" + padding + "'");
  if (padding == "same") OnnxWriter::set(node, "auto_pad", "SAME_UPPER");
  return {};
}

Result<Importer::Tensor> Importer::conv(const Layer& layer, const Tensor& input) {
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

Result<Importer::Tensor> Importer::batch_normalization(const Layer& layer, const Tensor& input) {
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

Result<Importer::Tensor> Importer::activation(const Layer& layer, const Tensor& input) {
  return activated(layer, input);
}

Result<Importer::Tensor> Importer::activated(const Layer& layer, Tensor made) {
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

Result<Importer::Tensor> Importer::pool(const Layer& layer, const Tensor& input) {
  const bool max = layer.kind == "MaxPooling2D";
  onnx::NodeProto& node = writer_.node(max ? "MaxPool" : "AveragePool", layer.name, {input.name});
  const Dims kernel = two_numbers(layer.config.at("pool_size"));
  const json strides = layer.config.value("strides", json());
  OnnxWriter::set(node, "kernel_shape", kernel);
  OnnxWriter::set(node, "strides", strides.is_null() ? kernel : two_numbers(strides));
  if (auto set = set_padding(layer, node); !set) return pass_on(set);
  return Tensor{layer.name, true, input.channels};
}

Result<Importer::Tensor> Importer::global_average_pool(const Layer& layer, const Tensor& input) {
  writer_.node("GlobalAveragePool", layer.name + "/mean", {input.name});
  OnnxWriter::set(writer_.node("Flatten", layer.name, {layer.name + "/mean"}), "axis", std::int64_t{1});
  return Tensor{layer.name, false, input.channels};
}

Result<Importer::Tensor> Importer::flatten(const Layer& layer, const Tensor& input) {
  Tensor made{layer.name, false, 0};  // 0: not known, dense() takes what its weights say
  std::string from = input.name;
  if (input.image) {
    from = layer.name + "/nhwc";
    OnnxWriter::set(writer_.node("Transpose", from, {input.name}), "perm", Dims{0, 2, 3, 1});
  }
  OnnxWriter::set(writer_.node("Flatten", layer.name, {from}), "axis", std::int64_t{1});
  return made;
}

Result<Importer::Tensor> Importer::dense(const Layer& layer, const Tensor& input) {
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

Result<Importer::Tensor> Importer::add_layer(const Layer& layer) {
  if (layer.kind == "InputLayer") return add_input(layer);
  if (layer.inputs.empty()) return fail_layer(layer, "has no input");
  for (const std::string& name : layer.inputs)
    if (!made_.contains(name)) return fail_layer(layer, "reads '" + name + "', which is not before it");
  const Tensor& input = made_.at(layer.inputs[0]);
  for (const Kind& kind : kKinds) {
    if (layer.kind != kind.name) continue;
    if (kind.takes != Takes::either && (kind.takes == Takes::image) != input.image)
      return fail_layer(layer, input.image ? "of an image is not supported" : "wants an image");
    return (this->*kind.add)(layer, input);
  }
  return fail_layer(layer, "layers of this class are not supported");
}

Result<> Importer::run() {
  for (const json& entry : model_.layers) {
    const auto layer = read_layer(entry);
    if (!layer) return pass_on(layer);
    const auto made = add_layer(*layer);
    if (!made) return pass_on(made);
    if (!made_.emplace(layer->name, *made).second) return fail_layer(*layer, "is there twice");
  }
  const auto last = made_.find(model_.output);
  if (last == made_.end() || last->second.image || last->second.channels < 1)
    return fail(Failure::input, "its output '" + model_.output + "' is not a list of classes");
  writer_.output(last->second.name, {1, last->second.channels});
  return {};
}

// The input's dimensions with batch 1.
Dims input_dims(const TfjsModel& model) {
  for (const json& entry : model.layers)
    if (entry.at("name") == model.input) {
      const json& shape = entry.at("config").at("batch_input_shape");
      return {1, shape.at(1).get<std::int64_t>(), shape.at(2).get<std::int64_t>(),
              shape.at(3).get<std::int64_t>()};
    }
  return {};
}

}  // namespace

Result<OnnxWriter> keras_to_onnx(const TfjsModel& model, const std::string& preprocess) {
  try {
    const Dims dims = input_dims(model);
    if (dims.empty()) return fail(Failure::input, "its input layer '" + model.input + "' is missing");
    OnnxWriter writer(model.name, model.input, dims);
    if (!preprocess.empty()) writer.metadata("perfwatt.preprocess", preprocess);
    if (auto done = Importer(model, writer).run(); !done) return pass_on(done);
    return writer;
  } catch (const json::exception& error) {
    return fail(Failure::input, fmt::format("a layer is not written as in Keras: {}", error.what()));
  }
}

Result<> import_model(const std::filesystem::path& folder, const std::filesystem::path& onnx,
                      const std::string& preprocess) {
  const auto model = read_tfjs(folder);
  if (!model) return pass_on(model);
  auto writer = keras_to_onnx(*model, preprocess);
  if (!writer) {
    writer.error().where = (folder / "model.json").string();
    return pass_on(writer);
  }
  return writer->write(onnx);
}

}  // namespace pw
