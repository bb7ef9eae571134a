// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/models/models.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "inference/ground/sha256.h"
#include "os/file.h"

namespace pw::inference {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

// The ONNX file of a model, here or not.
fs::path cached_file(const std::string& name) { return cache_folder() / "models" / (name + ".onnx"); }

// What the texts call the model ends up in a file name.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name[0] != '.' && name.find('/') == std::string::npos;
}

Result<ModelInfo> read_model_info(const fs::path& file) {
  const auto text = read_file(file);
  if (!text) return pass_on(text);
  ModelInfo info;
  try {
    const json root = json::parse(*text);
    info.name = root.at("name").get<std::string>();
    info.title = root.at("title").get<std::string>();
    info.synthetic = root.value("synthetic", false);
    info.preprocess = root.at("preprocess").get<std::string>();
    info.labels = file.parent_path() / root.at("labels").get<std::string>();
    info.licence = root.at("licence").get<std::string>();
    info.source = root.at("source").get<std::string>();
    info.onnx_sha256 = root.at("onnx_sha256").get<std::string>();
    if (!info.synthetic) {
      info.package = root.at("package").get<std::string>();
      info.package_bytes = root.at("package_bytes").get<std::int64_t>();
      info.package_sha256 = root.at("package_sha256").get<std::string>();
      info.model_json_sha256 = root.at("model_json_sha256").get<std::string>();
      info.weights_sha256 = root.at("weights_sha256").get<std::string>();
      info.folder = root.at("folder").get<std::string>();
    }
  } catch (const json::exception& error) {
    return fail(Failure::input, std::string("it is no description of a model: ") + error.what(),
                file.string());
  }
  if (!is_plain_name(info.name)) return fail(Failure::input, "a model cannot be called that", file.string());
  info.file = cached_file(info.name);
  std::error_code ignored;
  info.present = fs::is_regular_file(info.file, ignored);
  return info;
}

}  // namespace

Result<std::vector<ModelInfo>> list_models() {
  const fs::path folder = data_folder() / "models";
  std::error_code error;
  fs::directory_iterator files(folder, error);
  if (error)
    return fail_errno(Failure::input, "cannot read the folder of models", error.value(), folder.string(),
                      "PERFWATT_DATA names the folder above it");
  std::vector<ModelInfo> models;
  for (const fs::directory_entry& entry : files) {
    if (entry.path().extension() != ".json") continue;
    auto info = read_model_info(entry.path());
    if (!info) return pass_on(info);
    models.push_back(std::move(*info));
  }
  std::sort(models.begin(), models.end(),
            [](const ModelInfo& a, const ModelInfo& b) { return a.name < b.name; });
  return models;
}

Result<ModelInfo> find_model(const std::string& name) {
  auto models = list_models();
  if (!models) return pass_on(models);
  std::vector<std::string> names;
  for (ModelInfo& model : *models) {
    if (model.name == name) return std::move(model);
    names.push_back(model.name);
  }
  const std::string hint = did_you_mean(name, names);
  return fail(Failure::input, "no such model '" + name + "'", "",
              hint.empty() ? "perfwatt model list shows them" : hint);
}

Result<> check_file(const ModelInfo& model) {
  if (auto ours = check_cache(model.file.parent_path()); !ours) return ours;
  const auto sha256 = sha256_of_file(model.file);
  if (!sha256) return pass_on(sha256);
  if (*sha256 == model.onnx_sha256) return {};
  return fail(
      Failure::input,
      "it is not the model " + model.name + ": its SHA-256 is " + *sha256 + ", not " + model.onnx_sha256,
      model.file.string(), "fetch it again: perfwatt model fetch " + model.name);
}

Result<fs::path> model_path(const std::string& name) {
  const auto model = find_model(name);
  if (!model) return pass_on(model);
  if (model->synthetic) return fetch_model(name, [](std::string_view) {});
  if (!model->present)
    return fail(Failure::input, "its weights are not on this machine", name,
                "fetch them: perfwatt model fetch " + name);
  if (auto right = check_file(*model); !right) return pass_on(right);
  return model->file;
}

}  // namespace pw::inference
