// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/models/tfjs_read.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "base/nesting.h"
#include "inference/ground/regular_file.h"

namespace pw::inference {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

tl::unexpected<Error> unusable(std::string what, std::string hint = "convert or fetch it again") {
  return fail(Failure::input, std::move(what), "", std::move(hint));
}

// The one tensor of Keras's input_layers or output_layers: [["name", 0, 0]].
Result<std::string> only_name(const json& config, const char* key) {
  const json& list = config.at(key);
  if (list.size() != 1) return unusable(fmt::format("it has {} {}, not one", list.size(), key));
  return list.at(0).at(0).get<std::string>();
}

Result<> read_topology(TfjsModel& model, const json& root) {
  if (root.value("format", "layers-model") != "layers-model")
    return unusable("it is no layers model but a '" + root.value("format", "") + "'");
  const json& outer = root.at("modelTopology").at("model_config");
  const std::string kind = outer.at("class_name").get<std::string>();
  if (kind != "Model" && kind != "Functional")
    return unusable("Keras models of the class '" + kind + "' are not supported");
  const json& config = outer.at("config");
  model.name = config.value("name", "model");
  model.layers = config.at("layers");
  const auto input = only_name(config, "input_layers"), output = only_name(config, "output_layers");
  if (!input) return pass_on(input);
  if (!output) return pass_on(output);
  model.input = *input;
  model.output = *output;
  return {};
}

// Adds one tensor of the manifest; `offset` moves on behind it.
Result<> add_weights(TfjsModel& model, const json& entry, std::size_t& offset) {
  const std::string name = entry.at("name").get<std::string>();
  if (entry.contains("quantization")) return unusable("'" + name + "' is quantised, which is not supported");
  if (entry.at("dtype") != "float32") return unusable("'" + name + "' is not of float32");
  const Dims dims = entry.at("shape").get<Dims>();
  const std::int64_t count = element_count(dims);
  if (count < 0) return unusable(fmt::format("'{}' has the shape {}", name, dims_text(dims)));
  if (!model.weights.emplace(name, TfjsWeights{dims, offset}).second)
    return unusable("'" + name + "' is there twice");
  offset += static_cast<std::size_t>(count) * sizeof(float);
  if (offset > kMostWeights) return unusable(fmt::format("its weights are more than {} bytes", kMostWeights));
  return {};
}

tl::unexpected<Error> wrong_size(std::size_t bytes, std::size_t expected) {
  return unusable(
      fmt::format("its shards hold {} bytes of weights where its manifest lists {}", bytes, expected));
}

tl::unexpected<Error> missing_shard(Error error) {
  error.hint = "model.json names it: put all of its shards into the same folder";
  return tl::unexpected(std::move(error));
}

// In the order of the manifest, up to all that it has listed so far.
Result<> read_shards(TfjsModel& model, const json& paths, std::size_t expected, const Shards& shards) {
  constexpr std::size_t kMostShards = 10'000;
  if (paths.size() > kMostShards) return unusable(fmt::format("it lists {} shards", paths.size()));
  for (const json& entry : paths) {
    const fs::path name = entry.get<std::string>();
    if (name.empty() || name != name.filename() || name == "..")
      return unusable("its shard '" + name.string() + "' is not in its own folder");
    const auto size = shards.size(name.string());
    if (!size) return missing_shard(size.error());
    if (*size > expected - model.bytes.size()) return wrong_size(model.bytes.size() + *size, expected);
    const auto shard = shards.read(name.string(), expected - model.bytes.size());
    if (!shard) return pass_on(shard);
    model.bytes += *shard;
  }
  if (model.bytes.size() != expected) return wrong_size(model.bytes.size(), expected);
  return {};
}

Result<> read_manifest(TfjsModel& model, const json& root, const Shards& shards) {
  std::size_t expected = 0;
  for (const json& group : root.at("weightsManifest")) {
    for (const json& entry : group.at("weights"))
      if (auto added = add_weights(model, entry, expected); !added) return added;
    if (auto read = read_shards(model, group.at("paths"), expected, shards); !read) return read;
  }
  return {};
}

}  // namespace

Result<TfjsModel> parse_tfjs(std::string model_json, const Shards& shards) {
  constexpr std::size_t kMostLevels = 64;  // Keras needs about ten
  if (nests_deeper(model_json, kMostLevels))
    return unusable(
        fmt::format("it is no TensorFlow.js layers model: more than {} levels of brackets", kMostLevels));
  TfjsModel model;
  model.model_json = std::move(model_json);
  try {
    const json root = json::parse(model.model_json);
    if (const auto read = read_topology(model, root); !read) return pass_on(read);
    if (const auto read = read_manifest(model, root, shards); !read) return pass_on(read);
  } catch (const json::exception& error) {
    return unusable(fmt::format("it is no TensorFlow.js layers model: {}", error.what()));
  }
  return model;
}

Result<TfjsModel> read_tfjs(const fs::path& folder) {
  const fs::path file = folder / "model.json";
  auto text = read_regular(file, kMostJson);
  if (!text && fs::is_regular_file(folder))
    return fail(Failure::input, "it is a file", folder.string(),
                "name the folder with model.json and its shards");
  if (!text) return pass_on(text);
  auto model = parse_tfjs(
      std::move(*text),
      {[&](const std::string& name) { return regular_size(folder / name); },
       [&](const std::string& name, std::size_t most) { return read_regular(folder / name, most); }});
  if (!model && model.error().where.empty()) model.error().where = file.string();
  return model;
}

}  // namespace pw::inference
