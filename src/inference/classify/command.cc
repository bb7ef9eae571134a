// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/command.h"

#include <fmt/format.h>
#include <perfwatt/regions.h>

#include <cstdio>
#include <ctime>
#include <utility>

#include "inference/classify/classify.h"
#include "inference/classify/csv.h"
#include "inference/classify/isolate.h"
#include "inference/classify/model.h"
#include "inference/classify/options.h"
#include "inference/classify/report.h"
#include "inference/ground/pin.h"
#include "options/report.h"
#include "options/terminal.h"
#include "os/clock.h"

namespace pw::inference {
namespace {

// "12/500"
class PhotoCount {
 public:
  explicit PhotoCount(std::size_t photos) : photos_(photos) {}
  void next() { line_.show(fmt::format("{}/{}", ++done_, photos_)); }
  void clear() { line_.clear(); }

 private:
  std::size_t photos_;
  std::size_t done_ = 0;
  StatusLine line_;
};

// What becomes of the answers: lines on stdout, rows of the CSV file, warnings.
class Output {
 public:
  Output(const ClassifyOptions& options, const ClassifierModel& model, CsvFile csv, std::size_t photos)
      : options_(options), model_(model), csv_(std::move(csv)), progress_(photos) {}

  void take(const Answer& answer) {
    progress_.clear();
    if (!answer.skipped.empty())
      warn("skipped " + answer.photo + ": " + answer.skipped);
    else if (options_.expect.empty())
      std::fputs(text_line(answer, model_.classes).c_str(), stdout);
    if (!options_.csv.empty()) csv_.add(csv_row(answer, model_.classes, model_.synthetic));
    progress_.next();
  }

  Result<> finish(const Tally& tally, const Times& times) {
    progress_.clear();
    if (Result<> written = csv_.finish(); !written) return written;
    if (tally.latencies.empty())
      return fail(Failure::input, fmt::format("none of the {} photos can be read", tally.skipped), "",
                  "the warnings say why; perfwatt reads JPEG files");
    if (tally.whole.images == 0)
      warn(fmt::format("no batch of {} was full: Images/s counts the photos, not what it was filled up with",
                       model_.network.options().batch));
    if (model_.synthetic) std::puts(kSyntheticNote);
    std::fputs(network_line(options_.model, model_.network.options()).c_str(), stdout);
    std::fputs(accuracy_line(model_.network.options()).c_str(), stdout);
    std::fputs(scenario_line(options_.scenario, tally).c_str(), stdout);
    std::fputs(last_lines(tally, times, !options_.expect.empty()).c_str(), stdout);
    return {};
  }

 private:
  const ClassifyOptions& options_;
  const ClassifierModel& model_;
  CsvFile csv_;
  PhotoCount progress_;
};

Result<PhotoList> photos_of(const ClassifyOptions& options) {
  Result<PhotoList> list = list_photos(options.photos);
  if (!list) return list;
  if (list->ignored > 0) warn(fmt::format("other files in the folders, ignored: {}", list->ignored));
  const auto limit = static_cast<std::size_t>(options.limit);
  if (limit > 0 && list->photos.size() > limit) list->photos.resize(limit);
  return list;
}

Resize resize_of(const ClassifyOptions& options) {
  return options.resize == "bilinear" ? Resize::bilinear : Resize::nearest;
}

Result<Workload> workload_of(const ClassifyOptions& options, const ClassifierModel& model) {
  Workload workload;
  workload.resize = resize_of(options);
  workload.preprocess = model.preprocess;
  workload.repeat = options.repeat;
  workload.hash = !options.csv.empty();
  workload.decoding =
      default_decoding(static_cast<int>(usable_cpus().size()), model.network.options().threads);
  if (options.decode_threads > 0) workload.decoding = {options.decode_threads, false};
  if (options.expect.empty()) return workload;
  if (model.classes.size() == 1)
    return fail(Failure::input, "the model gives one score and tells no classes apart", "--expect",
                "leave --expect out: --csv FILE keeps the score of each photo");
  const Result<int> expected = find_class(model.classes, options.expect);
  if (!expected) return pass_on(expected);
  workload.expected = *expected;
  return workload;
}

Result<ClassifierModel> load_marked(const ClassifyOptions& options, const PhotoList& list) {
  const perfwatt::Region region("load");
  return load_classifier(options.model, options.preprocess, network_options(options),
                         {list.photos, resize_of(options), note});
}

// The pixels of the first photo that can be read, in every place of the batch.
Result<std::vector<float>> first_pixels(const ClassifierModel& model, const PhotoList& list, Resize resize) {
  const InputShape shape = model.network.input();
  std::vector<std::uint8_t> rgb;
  const std::size_t batch = static_cast<std::size_t>(shape.batch);
  const std::size_t size = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width) * 3;
  std::vector<float> pixels(batch * size);
  for (const PhotoFile& file : list.photos) {
    if (const Result<> loaded = load_photo(file.path, shape.width, shape.height, resize, rgb); !loaded) {
      warn("skipped " + file.name + ": " + loaded.error().what);
      continue;
    }
    for (std::size_t i = 0; i < batch; ++i)
      preprocess(rgb, shape, model.preprocess, std::span(pixels).subspan(i * size, size));
    return pixels;
  }
  return fail(Failure::input, fmt::format("none of the {} photos can be read", list.photos.size()), "",
              "the warnings say why; perfwatt reads JPEG files");
}

Result<> run_isolated(const ClassifyOptions& options, ClassifierModel& model, const PhotoList& list) {
  const auto layers = chosen_layers(model.network, options.isolate);
  if (!layers) return pass_on(layers);
  const auto pixels = first_pixels(model, list, resize_of(options));
  if (!pixels) return pass_on(pixels);
  note(fmt::format("{} layer{}, {} s each", layers->size(), layers->size() == 1 ? "" : "s",
                   options.isolate_s));
  StatusLine line;
  for (const std::size_t layer : *layers) {
    line.show(model.network.layer_names()[layer]);
    const auto done = isolate(model.network, *pixels, layer, {options.isolate_s});
    line.clear();
    if (!done) return pass_on(done);
    fmt::print("{}: {} executions, {:.4g} us each\n", done->name, done->executions,
               1e6 * to_seconds(done->time).value / static_cast<double>(done->executions));
    std::fflush(stdout);
  }
  std::fputs(network_line(options.model, model.network.options()).c_str(), stdout);
  return {};
}

Result<> run(const ClassifyOptions& options) {
  Times times{std::time(nullptr), 0, {}};
  const Nanoseconds start = monotonic_now();
  const Result<PhotoList> list = photos_of(options);
  if (!list) return pass_on(list);
  Result<CsvFile> csv = CsvFile::open(options.csv);
  if (!csv) return pass_on(csv);
  Result<ClassifierModel> model = load_marked(options, *list);
  if (!model) return pass_on(model);
  if (model->synthetic) warn(kSyntheticNote);
  for (const std::string& warning : model->network.warnings()) warn(warning);
  if (!options.isolate.empty()) return run_isolated(options, *model, *list);
  const Result<Workload> workload = workload_of(options, *model);
  if (!workload) return pass_on(workload);

  Output output(options, *model, std::move(*csv), list->photos.size());
  const Result<Tally> tally =
      classify(model->network, list->photos, *workload, [&](const Answer& answer) { output.take(answer); });
  if (!tally) return pass_on(tally);
  times.end = std::time(nullptr);
  times.elapsed = to_seconds(monotonic_now() - start);
  return output.finish(*tally, times);
}

}  // namespace

int classify_command(int argc, char** argv) {
  const ParsedClassify parsed = parse_classify(argc, argv);
  if (!parsed.options) return parsed.exit_status;
  const Result<> done = run(*parsed.options);
  return done ? 0 : report_error(done.error());
}

}  // namespace pw::inference
