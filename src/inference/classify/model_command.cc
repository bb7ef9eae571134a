// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/model_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/text.h"
#include "inference/models/import.h"
#include "inference/models/models.h"
#include "inference/photos/photo.h"
#include "options/options.h"
#include "options/report.h"
#include "options/terminal.h"

namespace pw::inference {
namespace {

namespace fs = std::filesystem;

void warn_of_synthetic(const ModelInfo& model) {
  if (model.synthetic) warn(model.name + " has generated weights: for speed only, its answers mean nothing");
}

int print_file(const Result<fs::path>& file) {
  if (!file) return report_error(file.error());
  fmt::print("{}\n", printable(file->string()));
  return 0;
}

int fetch(const std::string& name) {
  const auto model = find_model(name);
  if (!model) return report_error(model.error());
  const auto file = [&] {
    StatusLine line;
    return fetch_model(
        name, [&](std::string_view text) { line.show(printable(fmt::format("{}: {}", name, text))); });
  }();
  if (file) warn_of_synthetic(*model);
  return print_file(file);
}

int path(const std::string& name) {
  const auto model = find_model(name);
  if (!model) return report_error(model.error());
  const auto file = model_path(name);
  if (file) warn_of_synthetic(*model);
  return print_file(file);
}

int import(const std::string& source, const std::string& onnx, const std::string& preprocess) {
  if (!preprocess.empty())
    if (const auto known = find_preprocess(preprocess); !known) return report_error(known.error());
  const auto done = import_model(source, onnx, preprocess);
  return print_file(done ? Result<fs::path>(onnx) : pass_on(done));
}

std::string state_of(const ModelInfo& model) {
  if (model.present) return "ready: " + model.file.string();
  if (model.synthetic) return "generated where it is needed";
  return fmt::format("not here: perfwatt model fetch {} ({:.0f} MB)", model.name,
                     static_cast<double>(model.package_bytes) / 1e6);
}

int list() {
  const auto models = list_models();
  if (!models) return report_error(models.error());
  for (const ModelInfo& model : *models) {
    fmt::print("{}\n  {}\n  {}\n", printable(model.name), printable(model.title), printable(state_of(model)));
    fmt::print("  licence: {}\n", printable(model.licence));
    if (!model.package.empty()) fmt::print("  source: {}\n", printable(model.source));
  }
  return 0;
}

constexpr const char* kFooter =
    "Examples:\n"
    "  perfwatt model list\n"
    "  perfwatt model fetch resnet50\n"
    "  perfwatt model path resnet50\n"
    "  perfwatt model import ./ResNet50 -o resnet50.onnx --preprocess caffe\n";

// An Error where the first word is no subcommand.
Result<> check_subcommand(const CLI::App& app, int argc, char** argv) {
  const std::string word = argc > 1 ? argv[1] : "";
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  if (word.starts_with('-') || std::count(names.begin(), names.end(), word) > 0) return {};
  const std::string hint = did_you_mean(word, names);
  return fail(Failure::input, word.empty() ? "model needs a command" : "unknown command 'model " + word + "'",
              "", hint.empty() ? "there are fetch, import, list and path" : hint);
}

}  // namespace

int model_command(int argc, char** argv) {
  CLI::App app("The models of classify: where they are, and how they get here.", "perfwatt model");
  app.footer(kFooter);
  app.require_subcommand(1);
  std::string name, source, onnx, preprocess;
  CLI::App* const fetching = app.add_subcommand("fetch", "download a model with npm, or generate it");
  fetching->add_option("NAME", name, "one of `perfwatt model list`")->required()->type_name("");
  CLI::App* const importing = app.add_subcommand("import", "convert a TensorFlow.js layers model to ONNX");
  importing->add_option("SOURCE", source, "the folder with model.json and its shards")
      ->required()
      ->type_name("");
  importing->add_option("-o,--output", onnx, "the ONNX file to write")
      ->required()
      ->type_name("FILE")
      ->check(no_dash());
  importing
      ->add_option("--preprocess", preprocess,
                   "how its photos are prepared (caffe, tf, torch, none), written into the file")
      ->type_name("NAME");
  CLI::App* const listing = app.add_subcommand("list", "all models, and whether they are here");
  CLI::App* const showing = app.add_subcommand("path", "print the ONNX file of a model");
  showing->add_option("NAME", name, "one of `perfwatt model list`")->required()->type_name("");

  if (auto known = check_subcommand(app, argc, argv); !known) return report_error(known.error());
  if (const auto status = parse_options(app, argc, argv)) return *status;
  if (fetching->parsed()) return fetch(name);
  if (importing->parsed()) return import(source, onnx, preprocess);
  if (listing->parsed()) return list();
  return path(name);
}

}  // namespace pw::inference
