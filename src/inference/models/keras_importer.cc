// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/models/keras_importer.h"

#include <fmt/format.h>

#include <cstring>

namespace pw::inference {

using nlohmann::json;

const KerasImporter::Kind KerasImporter::kKinds[] = {
    {"Activation", Takes::either, &KerasImporter::activation},
    {"Add", Takes::either, &KerasImporter::add_sum},
    {"AveragePooling2D", Takes::image, &KerasImporter::pool},
    {"BatchNormalization", Takes::either, &KerasImporter::batch_normalization},
    {"BatchNormalizationV1", Takes::either, &KerasImporter::batch_normalization},
    {"Conv2D", Takes::image, &KerasImporter::conv},
    {"Dense", Takes::list, &KerasImporter::dense},
    {"Flatten", Takes::either, &KerasImporter::flatten},
    {"GlobalAveragePooling2D", Takes::image, &KerasImporter::global_average_pool},
    {"MaxPooling2D", Takes::image, &KerasImporter::pool},
    {"ZeroPadding2D", Takes::image, &KerasImporter::zero_padding},
};

tl::unexpected<Error> fail_layer(const KerasLayer& layer, const std::string& what) {
  return fail(Failure::input, fmt::format("layer '{}' ({}): {}", layer.name, layer.kind, what));
}

Result<KerasLayer> KerasImporter::read_layer(const json& entry) const {
  KerasLayer layer{
      entry.at("name").get<std::string>(), entry.at("class_name").get<std::string>(), entry.at("config"), {}};
  const json& calls = entry.at("inbound_nodes");
  if (calls.size() > 1) return fail_layer(layer, "is used more than once, which is not supported");
  for (const json& call : calls)
    for (const json& input : call) layer.inputs.push_back(input.at(0).get<std::string>());
  if (layer.config.value("data_format", "channels_last") != "channels_last")
    return fail_layer(layer, "only data_format channels_last is supported");
  return layer;
}

Result<std::vector<float>> KerasImporter::floats(const KerasLayer& layer, const char* part,
                                                 const Dims& dims) const {
  const auto found = model_.weights.find(layer.name + "/" + part);
  if (found == model_.weights.end()) return fail_layer(layer, fmt::format("its {} is missing", part));
  if (found->second.dims != dims)
    return fail_layer(
        layer, fmt::format("its {} is {}, not {}", part, dims_text(found->second.dims), dims_text(dims)));
  std::vector<float> values(static_cast<std::size_t>(element_count(dims)));
  std::memcpy(values.data(), model_.bytes.data() + found->second.offset, values.size() * sizeof(float));
  return values;
}

Result<std::string> KerasImporter::copy_weights(const KerasLayer& layer, const char* part, const Dims& dims) {
  const auto values = floats(layer, part, dims);
  if (!values) return pass_on(values);
  std::string name = layer.name + "/" + part;
  writer_.weights(name, dims, *values);
  return name;
}

Result<KerasImporter::Tensor> KerasImporter::add_input(const KerasLayer& layer) {
  if (layer.name != model_.input) return fail_layer(layer, "a second input is not supported");
  const json& shape = layer.config.at("batch_input_shape");
  const std::string name = layer.name + "/nchw";
  OnnxWriter::set(writer_.node("Transpose", name, {layer.name}), "perm", Dims{0, 3, 1, 2});
  return Tensor{name, true, shape.at(3).get<std::int64_t>()};
}

Result<KerasImporter::Tensor> KerasImporter::add_layer(const KerasLayer& layer) {
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

Result<> KerasImporter::run() {
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

}  // namespace pw::inference
