// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/history/history.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "analyze/analysis.h"
#include "analyze/compare/limits.h"
#include "base/text.h"
#include "cli/compare/compare.h"
#include "options/options.h"
#include "options/report.h"
#include "options/terminal.h"
#include "report/history/history_page.h"
#include "report/page/page.h"
#include "store/load.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

struct HistoryRequest {
  std::vector<std::string> places;
  std::string rows, least = "1%", format = "text", page;
};

struct HistoryFile {
  fs::path path;
  bool named = false;  // by the user: that it cannot be read is an error
};

Result<std::vector<HistoryFile>> recordings_in(const fs::path& folder) {
  std::vector<HistoryFile> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".perfwatt") files.push_back({at->path(), false});
  if (error) return fail_errno(Failure::input, "cannot be read", error.value(), folder.string());
  if (files.empty())
    return fail(Failure::input, "there is no recording in this folder", folder.string(),
                "recordings end in .perfwatt; folders in it are not looked at");
  std::ranges::sort(files, {}, &HistoryFile::path);
  return files;
}

// Each once: a file that is named may be in a folder that is, too.
void keep_once(std::vector<HistoryFile>& files) {
  std::set<fs::path> seen;
  std::erase_if(files, [&](const HistoryFile& file) {
    std::error_code error;
    const fs::path path = fs::weakly_canonical(file.path, error);
    return !seen.insert(error ? file.path : path).second;
  });
}

Result<std::vector<HistoryFile>> files_of(const std::vector<std::string>& places) {
  std::vector<HistoryFile> files;
  for (const std::string& place : places) {
    std::error_code error;
    if (!fs::is_directory(place, error)) {
      files.push_back({place, true});
      continue;
    }
    const auto inside = recordings_in(place);
    if (!inside) return pass_on(inside);
    files.insert(files.end(), inside->begin(), inside->end());
  }
  keep_once(files);
  return files;
}

Result<std::vector<HistoryEntry>> entries_of(const std::vector<HistoryFile>& files) {
  std::vector<HistoryEntry> entries;
  for (const HistoryFile& file : files) {
    const Result<Recording> recording = load(file.path);
    if (!recording && file.named) return pass_on(recording);
    if (!recording) {
      warn("left out: " + one_line(recording.error()));
      continue;
    }
    const Analysis analysis = analyze(*recording, {.rows = false, .findings = false});
    for_each_variant(*recording, analysis, [&](const Recording& view, const Analysis& one, std::size_t) {
      entries.push_back(history_entry(file.path.string(), {&view, &one}));
    });
  }
  if (entries.empty())
    return fail(Failure::input, "none of the recordings can be read", "", "perfwatt show FILE says why");
  return entries;
}

Result<> check_rows(const std::vector<HistoryEntry>& entries, const std::vector<std::string>& rows) {
  const auto has = [](const HistoryEntry& entry, const std::string& name) {
    return std::ranges::count(entry.quantities, name, &ComparableQuantity::name) > 0;
  };
  for (const std::string& name : rows)
    if (std::ranges::none_of(entries, [&](const HistoryEntry& entry) { return has(entry, name); }))
      return fail(Failure::input, fmt::format("no recording has a quantity '{}'", printable(name)), "--rows",
                  "perfwatt history without --rows lists them");
  return {};
}

Result<std::vector<HistoryGroup>> history_of(const HistoryRequest& request) {
  HistoryOptions options;
  const Result<double> least = parse_share(request.least, "--least");
  if (!least) return pass_on(least);
  options.least = *least;
  if (!request.rows.empty()) options.rows = split(request.rows, ',');
  const auto files = files_of(request.places);
  if (!files) return pass_on(files);
  auto entries = entries_of(*files);
  if (!entries) return pass_on(entries);
  if (const Result<> known = check_rows(*entries, options.rows); !known) return pass_on(known);
  return history(std::move(*entries), options);
}

std::string text_of(const std::vector<HistoryGroup>& groups, const std::string& format) {
  if (format == "csv") return history_csv(groups);
  if (format == "json") return history_json(groups);
  return history_text(groups, {takes_escapes(STDOUT_FILENO), terminal_width(STDOUT_FILENO), false});
}

Result<> print_history(const HistoryRequest& request) {
  if (!request.page.empty())
    if (const Result<> possible = page_possible(); !possible) return possible;
  const auto groups = history_of(request);
  if (!groups) return pass_on(groups);
  fmt::print("{}", text_of(*groups, request.format));
  if (request.page.empty()) return {};
  const Result<> written = write_page_file(request.page, {{}, {}, *groups}, "--page");
  if (written) note("page: " + request.page);
  return written;
}

}  // namespace

int history_command(int argc, char** argv) {
  CLI::App app("Each quantity over many recordings, and where it changed its level", "perfwatt history");
  HistoryRequest request;
  app.add_option("PLACE", request.places, "recordings, or folders of them")->required();
  add_list(app, "--rows", request.rows, "LIST", "these quantities alone");
  add_text(app, "--least", request.least, "SHARE", "smaller changes are not told (1%)");
  app.add_option("--format", request.format, "text, csv or json (text)")
      ->type_name("NAME")
      ->check(one_of({"text", "csv", "json"}));
  app.add_option("--page", request.page, "also a page for a browser, with a picture of each")
      ->type_name("FILE")
      ->check(no_dash());
  app.footer(
      "Recordings of one label, or of one command, are a series; nine are the fewest that show a change.\n"
      "Example: perfwatt history recordings/ --rows elapsed");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  const Result<> printed = print_history(request);
  return printed ? 0 : report_error(printed.error());
}

}  // namespace pw
