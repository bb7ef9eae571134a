// SPDX-License-Identifier: GPL-3.0-or-later
// perfwatt report.
#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <optional>

#include "analyze/compare/comparison.h"
#include "base/text.h"
#include "cli/report/report.h"
#include "export/export.h"
#include "options/options.h"
#include "options/report.h"
#include "report/page/page.h"
#include "store/load.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

struct ReportRequest {
  std::vector<std::string> files, with;
  std::string out = "report.html";
};

// The recordings of a page, each variant one of its own; each stays where it is.
class Pages {
 public:
  Result<> load_all(const std::vector<std::string>& files, std::string_view side) {
    for (const std::string& file : files) {
      Result<Recording> recording = load(file);
      if (!recording) return pass_on(recording);
      lines_ += recording->channels.size() * std::max<std::size_t>(recording->experiment.variants.size(), 1);
      all_.push_back({fs::path(file).filename().string(), side, std::move(*recording), {}});
    }
    return {};
  }

  // What is left of each recording is what a page shows: not its samples.
  void analyze_all() {
    const std::size_t parts = std::max(kLineParts / 10, kPagePoints / std::max<std::size_t>(lines_, 1));
    for (One& one : all_) {
      one.analysis = analyze(one.recording, {.lines = true, .line_parts = parts});
      one.recording.samples = {};
      add(one);
    }
  }

  const std::vector<PageRecording>& pages() const { return pages_; }

  bool have_variants() const { return !views_.empty(); }

  std::vector<Explanation> of(std::string_view side) const {
    std::vector<Explanation> explanations;
    for (const One& one : all_)
      if (one.side == side) explanations.push_back({&one.recording, &one.analysis});
    return explanations;
  }

 private:
  struct One {
    std::string file;
    std::string_view side;
    Recording recording;
    Analysis analysis;
  };

  void add(const One& one) {
    const std::vector<Variant>& variants = one.recording.experiment.variants;
    if (variants.empty()) pages_.push_back({one.file, one.side, one.recording, one.analysis});
    VariantViews views(one.recording);
    for (std::size_t i = 0; i < variants.size(); ++i)
      pages_.push_back({one.file + " " + variants[i].label, one.side, views_.emplace_back(views.of(i)),
                        one.analysis.variants[i]});
  }

  std::list<One> all_;
  std::list<Recording> views_;  // of one variant each
  std::vector<PageRecording> pages_;
  std::size_t lines_ = 0;  // of power
};

Result<> write_to(const std::string& out, const PageInput& input) {
  const fs::path path(out);
  if (out != "-" && !path.has_filename())
    return fail(Failure::input, "names a folder, not a file", out, "-o FILE.html");
  const Document page{path.filename().string(), page_beginning(), [&](Output& to) { write_page(to, input); }};
  const fs::path folder = out == "-" ? path : path.has_parent_path() ? path.parent_path() : fs::path(".");
  const auto written = write_documents({page}, folder);
  if (written) return {};
  Error error = written.error();
  if (error.kind == Failure::input) error.hint = "-o names another file";
  return tl::unexpected(error);
}

Result<> report(const ReportRequest& request) {
  if (const Result<> possible = page_possible(); !possible) return possible;
  const bool compared = !request.with.empty();
  Pages all;
  if (Result<> loaded = all.load_all(request.files, compared ? "old" : ""); !loaded) return loaded;
  if (Result<> loaded = all.load_all(request.with, "new"); !loaded) return loaded;
  all.analyze_all();
  if (compared && all.have_variants())
    return fail(Failure::input, "recordings with variants have a comparison for each variant: a page has one",
                "--with", "perfwatt compare OLD --with NEW; perfwatt report FILE shows each variant");
  std::optional<Comparison> comparison;
  if (compared) comparison = compare(all.of("old"), all.of("new"), {});
  const Result<> written = write_to(request.out, {all.pages(), comparison ? &*comparison : nullptr});
  if (written && request.out != "-") fmt::print("{}\n", request.out);
  return written;
}

}  // namespace

int report_command(int argc, char** argv) {
  CLI::App app("Recordings as one page for a browser, which loads nothing: to look at, and to send",
               "perfwatt report");
  ReportRequest request;
  app.add_option("FILE", request.files, "recordings; with --with those before")->required();
  app.add_option("--with", request.with, "recordings after: the page compares them")->type_name("NEW");
  add_text(app, "-o,--output", request.out, "FILE", "the page, or - for stdout (report.html)");
  app.footer(
      "Examples: perfwatt report r.perfwatt -o r.html\n"
      "          perfwatt report old.perfwatt --with new.perfwatt -o comparison.html");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  const Result<> written = report(request);
  return written ? 0 : report_error(written.error());
}

}  // namespace pw
