// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/models/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "inference/models/keras_importer.h"

namespace pw::inference {

using nlohmann::json;

namespace {

constexpr std::int64_t kMostOfInput = 65536;  // in each dimension

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
    if (element_count(dims) < 0 || *std::max_element(dims.begin(), dims.end()) > kMostOfInput)
      return fail(Failure::input,
                  fmt::format("its input layer '{}' is of {}, no usable size", model.input, dims_text(dims)));
    OnnxWriter writer(model.name, model.input, dims);
    if (!preprocess.empty()) writer.metadata("perfwatt.preprocess", preprocess);
    if (auto done = KerasImporter(model, writer).run(); !done) return pass_on(done);
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

}  // namespace pw::inference
