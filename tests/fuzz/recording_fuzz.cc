// SPDX-License-Identifier: GPL-3.0-or-later
// A recording from a stranger: whatever the bytes, load() gives an Error or a recording that keeps its
// promises and can be exported. The input is FILE, and after kSeparator (where it occurs) FILE-wal.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "analyze/analysis.h"
#include "base/text.h"
#include "export/export.h"
#include "export/test_content.h"
#include "os/file.h"
#include "report/text/summary.h"
#include "store/load.h"
#include "store/test_promises.h"

namespace {

constexpr std::string_view kSeparator = "--perfwatt-wal--";

void read_all(const std::filesystem::path& file) {
  const auto recording = pw::load(file);
  if (!recording) return;
  if (const std::string broken = pw::test::broken_promise(*recording); !broken.empty()) {
    std::fprintf(stderr, "%s\n", broken.c_str());
    std::abort();
  }
  const pw::Analysis analysis = pw::analyze(*recording, {.bootstrap = false});
  for (const pw::ExportFunction exporter : {pw::export_csv, pw::export_json})
    for (const pw::Document& document : exporter(*recording, analysis)) pw::test::content_of(document);
  for (const std::string& line : pw::split(pw::summary(*recording, analysis, {}), '\n'))
    if (pw::printable(line) != line) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto folder = pw::TempFolder::make("perfwatt-fuzz-").value();
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find(kSeparator);
  const auto file = folder.path() / "r.perfwatt";
  const auto log = folder.path() / "r.perfwatt-wal";
  if (!pw::write_file(file, input.substr(0, end))) return 0;
  if (end == std::string_view::npos)
    std::filesystem::remove(log);
  else if (!pw::write_file(log, input.substr(end + kSeparator.size())))
    return 0;
  read_all(file);
  return 0;
}
