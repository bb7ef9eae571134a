// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/options.h"

#include "inference/photos/photo.h"
#include "options/options.h"
#include "options/report.h"

namespace pw::inference {
namespace {

struct Typed {
  ClassifyOptions options;
  std::vector<std::string> folders, positional;
  std::string precision = "fp32", backend = "auto";
};

constexpr int kMostBatch = 1024;
constexpr int kMostThreads = 4096;  // twice the CPUs of the largest POWER10 server
constexpr int kMostDecodeThreads = 256;

std::vector<std::string> preprocess_names() {
  std::vector<std::string> names;
  for (const Preprocess& how : preprocesses()) names.emplace_back(how.name);
  return names;
}

void add_options(CLI::App& app, Typed& typed) {
  ClassifyOptions& options = typed.options;
  const auto text = [&](const char* name, std::string& value, const char* type, const char* help) {
    return app.add_option(name, value, help)->type_name(type);
  };
  const auto number = [&](const char* name, int& value, const char* help, int most = 1'000'000'000) {
    add_whole_number(app, name, value, "N", most, help);
  };
  app.add_option("PHOTO", typed.positional, "photos, or folders of photos (JPEG, MPO)")->type_name("");
  text("--model", options.model, "NAME|FILE.onnx", "see perfwatt model list (resnet50)");
  app.add_option("--photos", typed.folders, "a folder of photos, taken in the order of their names")
      ->type_name("DIR")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  text("--expect", options.expect, "LABEL", "what every photo shows: counts rights and wrongs");
  number("--limit", options.limit, "only the first N photos");
  number("--repeat", options.repeat, "run the network N times on each photo (1)");
  text("--scenario", options.scenario, "single|offline",
       "MLPerf's: one photo after the other, or all at once")
      ->check(one_of({"single", "offline"}));
  number("--batch", options.batch, "photos that the network takes at once (1; offline 8)", kMostBatch);
  number("--threads", options.threads, "threads (as many as there are CPUs)", kMostThreads);
  number("--decode-threads", options.decode_threads, "threads that decode meanwhile (on the CPUs left)",
         kMostDecodeThreads);
  text("--precision", typed.precision, "fp32|bf16|int8", "of the arithmetic (fp32)")
      ->check(one_of({"fp32", "bf16", "int8"}));
  text("--backend", typed.backend, "auto|onednn|blas", "what computes (auto)")
      ->check(one_of({"auto", "onednn", "blas"}));
  app.add_flag("--tune", options.tune, "measure again which kernels are fastest");
  app.add_flag("--layers", options.layers, "each layer is a region for perfwatt run, show --regions");
  CLI::Option* const isolate = text("--isolate", options.isolate, "LAYER,...|all",
                                    "instead: each layer again and again, for its energy");
  add_number(app, "--seconds", options.isolate_s, "S", {0.1, 86400}, "of --isolate: how long each (10)");
  app.get_option("--seconds")->needs(isolate);
  app.add_flag("--no-winograd", options.no_winograd, "no Winograd convolutions");
  text("--resize", options.resize, "nearest|bilinear", "how photos are scaled (nearest)")
      ->check(one_of({"nearest", "bilinear"}));
  text("--preprocess", options.preprocess, "NAME",
       "caffe, caffe-rounded, tf, torch, none (as the model says)")
      ->check(one_of(preprocess_names()));
  text("--csv", options.csv, "FILE", "an answer per photo, with the hash of its pixels")->check(no_dash());
  for (const char* other : {"--layers", "--csv", "--repeat", "--expect", "--scenario", "--limit"})
    isolate->excludes(other);
}

Backend backend_of(const std::string& name) {
  if (name == "onednn") return Backend::onednn;
  return name == "blas" ? Backend::blas : Backend::automatic;
}

Precision precision_of(const std::string& name) {
  if (name == "bf16") return Precision::bf16;
  return name == "int8" ? Precision::int8 : Precision::fp32;
}

std::optional<Error> refusal(const Typed& typed) {
  if (typed.options.scenario == "single" && typed.options.batch > 1)
    return Error{Failure::input, "one photo after the other is a batch of 1", "--scenario single",
                 "leave out --batch, or --scenario offline"};
  if (typed.options.photos.empty())
    return Error{Failure::input, "no photos to classify", "classify",
                 "name photos or a folder: --photos DIR"};
  return std::nullopt;
}

}  // namespace

NetworkOptions network_options(const ClassifyOptions& options) {
  constexpr int kOfflineBatch = 8;
  NetworkOptions network;
  network.threads = options.threads;
  network.batch = options.scenario == "offline" ? kOfflineBatch : 1;
  if (options.batch > 0) network.batch = options.batch;
  network.backend = options.backend;
  network.precision = options.precision;
  network.winograd = !options.no_winograd;
  network.tune = options.tune;
  network.mark_layers = options.layers;
  network.count_work = !options.isolate.empty();
  return network;
}

ParsedClassify parse_classify(int argc, char** argv) {
  CLI::App app("Classifies photos with a neural network: the reference workload", "perfwatt classify");
  Typed typed;
  add_options(app, typed);
  app.footer(
      "Images/s and latency are of the network alone; a photo that cannot be read is named and skipped.\n"
      "Examples:\n"
      "  perfwatt model fetch resnet50\n"
      "  perfwatt classify cat.jpg\n"
      "  perfwatt classify --photos hot_dog --expect hotdog --limit 500 --csv answers.csv\n"
      "  perfwatt classify --model resnet50-synthetic --photos hot_dog --repeat 3 --threads 1\n"
      "Exit status: 0 ok, 1 the network failed, 2 usage, photos or model unusable, 3 not possible here.");
  if (const auto status = parse_options(app, argc, argv)) return {std::nullopt, *status};
  typed.options.photos = typed.folders;
  typed.options.photos.insert(typed.options.photos.end(), typed.positional.begin(), typed.positional.end());
  typed.options.backend = backend_of(typed.backend);
  typed.options.precision = precision_of(typed.precision);
  if (const auto error = refusal(typed)) return {std::nullopt, report_error(*error)};
  return {typed.options, 0};
}

}  // namespace pw::inference
