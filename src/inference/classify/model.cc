// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/model.h"

#include <filesystem>

#include "inference/models/models.h"
#include "os/file.h"

namespace pw::inference {
namespace {

// Where a model is and what its text file says; of an ONNX file nothing but the labels of ImageNet.
Result<ModelInfo> look_up(const std::string& model) {
  if (!model.ends_with(".onnx")) return find_model(model);
  ModelInfo info;
  info.file = model;
  info.labels = data_folder() / "models" / "imagenet-classes.csv";
  info.present = true;
  return info;
}

Result<std::filesystem::path> onnx_of(const ModelInfo& info) {
  if (info.name.empty()) return info.file;  // as it was typed
  if (info.present || info.synthetic) return model_path(info.name);
  return fail(Failure::input, "its weights are not on this machine", info.name,
              "fetch them: perfwatt model fetch " + info.name +
                  ", or measure speed alone: --model resnet50-synthetic");
}

}  // namespace

Result<ClassifierModel> load_classifier(const std::string& model, const std::string& preprocess,
                                        NetworkOptions options, const CalibrationPhotos& photos) {
  const Result<ModelInfo> info = look_up(model);
  if (!info) return pass_on(info);
  const Result<std::filesystem::path> onnx = onnx_of(*info);
  if (!onnx) return pass_on(onnx);
  const std::string how = preprocess.empty() ? info->preprocess : preprocess;
  if (options.precision == Precision::int8) {
    auto calibration = find_calibration(*onnx, options, how, photos);
    if (!calibration) return pass_on(calibration);
    options.calibration = std::move(*calibration);
  }
  Result<Network> network = Network::load(*onnx, options);
  if (!network) return pass_on(network);
  const Result<Preprocess> prepare = preparation(how, *network, *onnx);
  if (!prepare) return pass_on(prepare);
  if (network->classes() == 1 && !network->gives_probabilities())
    return fail(Failure::input, "its output is one score without bounds, which tells no classes apart",
                onnx->string(),
                "a model of one score ends in a Sigmoid, one of classes has a score for each");
  Result<std::vector<ImageClass>> classes = read_classes(info->labels, network->classes());
  if (!classes) return pass_on(classes);
  const bool synthetic = info->synthetic || !network->metadata("perfwatt.synthetic").empty();
  return ClassifierModel{std::move(*network), *prepare, std::move(*classes), synthetic};
}

}  // namespace pw::inference
