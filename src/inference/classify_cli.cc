// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify_cli.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>

#include "inference/classify.h"
#include "inference/classify_model.h"
#include "inference/classify_options.h"
#include "inference/classify_report.h"
#include "inference/command_line.h"
#include "os/clock.h"
#include "os/file.h"

namespace pw {
namespace {

// "12/500" on stderr, rewritten; nothing where that is no terminal.
class ProgressLine {
 public:
  explicit ProgressLine(std::size_t photos) : photos_(photos) {}
  ~ProgressLine() { clear(); }
  void next() {
    if (terminal_) fmt::print(stderr, "\r{}/{}", ++done_, photos_);
  }
  void clear() const {
    if (terminal_) fmt::print(stderr, "\r\x1b[K");
  }

 private:
  std::size_t photos_;
  std::size_t done_ = 0;
  bool terminal_ = ::isatty(STDERR_FILENO) == 1;
};

// What becomes of the answers: lines on stdout, rows of the CSV file, warnings.
class Output {
 public:
  Output(const ClassifyOptions& options, const ClassifierModel& model, std::size_t photos)
      : options_(options), model_(model), progress_(photos) {}

  void take(const Answer& answer) {
    progress_.clear();
    if (!answer.skipped.empty())
      warn("skipped " + answer.photo + ": " + answer.skipped);
    else if (options_.expect.empty())
      std::fputs(text_line(answer, model_.classes).c_str(), stdout);
    if (!options_.csv.empty()) csv_ += csv_row(answer, model_.classes, model_.synthetic);
    progress_.next();
  }

  Result<> finish(const Tally& tally, const Times& times) {
    progress_.clear();
    if (!options_.csv.empty())
      if (Result<> written = write_file(options_.csv, csv_); !written) return written;
    if (tally.latencies.empty())
      return fail(Failure::input, fmt::format("none of the {} photos can be read", tally.skipped));
    if (model_.synthetic) std::puts(kSyntheticNote);
    std::fputs(last_lines(tally, times, !options_.expect.empty()).c_str(), stdout);
    if (std::fflush(stdout) != 0 || std::ferror(stdout))
      return fail_errno(Failure::measurement, "cannot write", errno, "standard output");
    return {};
  }

 private:
  const ClassifyOptions& options_;
  const ClassifierModel& model_;
  ProgressLine progress_;
  std::string csv_ = kCsvHeader;
};

// Refuses now what write_file would refuse, or should not replace, when the work is done.
Result<> check_csv(const std::string& path) {
  if (path.empty()) return {};
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return fail(Failure::input, "not a regular file", path, "--csv needs a file that can be replaced");
  std::string beside = path + ".XXXXXX";
  const int fd = ::mkostemp(beside.data(), O_CLOEXEC);
  if (fd < 0) return fail_errno(Failure::input, "cannot write", errno, path);
  ::close(fd);
  ::unlink(beside.c_str());
  return {};
}

Result<PhotoList> photos_of(const ClassifyOptions& options) {
  Result<PhotoList> list = list_photos(options.photos);
  if (!list) return list;
  if (list->ignored > 0) warn(fmt::format("other files in the folders, ignored: {}", list->ignored));
  const auto limit = static_cast<std::size_t>(options.limit);
  if (limit > 0 && list->photos.size() > limit) list->photos.resize(limit);
  return list;
}

Result<> run(const ClassifyOptions& options) {
  Times times{std::time(nullptr), 0, {}};
  const Nanoseconds start = monotonic_now();
  const Result<PhotoList> list = photos_of(options);
  if (!list) return pass_on(list);
  if (const Result<> writable = check_csv(options.csv); !writable) return writable;
  Result<ClassifierModel> model =
      load_classifier(options.model, options.preprocess, network_options(options));
  if (!model) return pass_on(model);
  if (model->synthetic) warn(kSyntheticNote);
  for (const std::string& warning : model->network.warnings()) warn(warning);

  Workload workload{options.resize == "bilinear" ? Resize::bilinear : Resize::nearest, model->preprocess,
                    options.repeat, std::nullopt};
  if (!options.expect.empty()) {
    const Result<int> expected = find_class(model->classes, options.expect);
    if (!expected) return pass_on(expected);
    workload.expected = *expected;
  }
  Output output(options, *model, list->photos.size());
  const Result<Tally> tally =
      classify(model->network, list->photos, workload, [&](const Answer& answer) { output.take(answer); });
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

}  // namespace pw
