// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/export.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/text.h"
#include "os/files/file_set.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

constexpr Exporter kExporters[] = {
#define EXPORTER(name, summary) {#name, summary, export_##name},
#include "export/exporters.inc"
#undef EXPORTER
};

Result<> write_stdout(const std::string& content) {
  errno = 0;
  const bool written = std::fwrite(content.data(), 1, content.size(), stdout) == content.size();
  if (!written || std::fflush(stdout) != 0)
    return fail_errno(Failure::measurement, "cannot write", errno, "standard output");
  return {};
}

// Whether an older export of that name is there. Fails where something else is.
Result<bool> has_older(const Folder& folder, const Document& document) {
  constexpr std::size_t kEnough = 24;  // to tell ours from others'
  const std::string_view ours = std::string_view(document.content).substr(0, kEnough);
  const auto there = first_bytes_of(folder, document.name, ours.size());
  if (there && *there != ours) return fail_not_ours(folder, document.name);
  return there.has_value();
}

Result<std::vector<fs::path>> write_folder(std::vector<Document> documents, const fs::path& out) {
  const Result<Folder> folder = Folder::make(out);
  if (!folder) return pass_on(folder);
  std::vector<NamedText> files;
  std::vector<std::string> stale;
  std::vector<fs::path> paths;
  for (Document& document : documents) {
    const Result<bool> older = has_older(*folder, document);
    if (!older && document.wanted) return pass_on(older);
    if (!document.wanted && older.value_or(false)) stale.push_back(document.name);
    if (!document.wanted) continue;
    paths.push_back(out / document.name);
    files.push_back({std::move(document.name), std::move(document.content)});
  }
  if (Result<> put = put_files(*folder, files, stale); !put) return pass_on(put);
  return paths;
}

}  // namespace

std::span<const Exporter> exporters() { return kExporters; }

Result<const Exporter*> find_exporter(std::string_view name) {
  std::vector<std::string> names;
  for (const Exporter& exporter : kExporters) {
    if (exporter.name == name) return &exporter;
    names.emplace_back(exporter.name);
  }
  const std::string meant = did_you_mean(name, names);
  return fail(Failure::input, "no such format '" + std::string(name) + "'", "--format",
              meant.empty() ? "there are " + join(names, ", ") : meant);
}

Result<std::vector<fs::path>> write_documents(std::vector<Document> documents, const fs::path& out) {
  if (out == "-") {
    if (documents.size() != 1)
      return fail(Failure::input, "this format is several files", "--out -", "name a folder: --out DIR");
    if (auto written = write_stdout(documents.front().content); !written) return pass_on(written);
    return std::vector<fs::path>{};
  }
  return write_folder(std::move(documents), out);
}

}  // namespace pw
