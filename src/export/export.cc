// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/export.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

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

Result<> write_stdout(const Document& document) {
  if (!document.text && ::isatty(STDOUT_FILENO) == 1)
    return fail(Failure::input, "this format is not for a terminal", "--out -",
                "name a folder (--out DIR), or redirect the output");
  const auto cannot_write = [] {
    return fail_errno(Failure::measurement, "cannot write", errno, "standard output");
  };
  Output out([&](std::string_view text) -> Result<> {
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) return cannot_write();
    return {};
  });
  document.write(out);
  if (Result<> written = out.end(); !written) return written;
  errno = 0;
  if (std::fflush(stdout) != 0) return cannot_write();
  return {};
}

// Whether an older export of that name is there. Fails where something else is.
Result<bool> has_older(const Folder& folder, const Document& document) {
  constexpr std::size_t kEnough = 24;  // to tell ours from others'
  const std::string_view ours = std::string_view(document.beginning).substr(0, kEnough);
  const auto there = first_bytes_of(folder, document.name, ours.size());
  if (there && *there != ours) return fail_not_ours(folder, document.name);
  return there.has_value();
}

Result<> add_to(FileSet& files, const Document& document) {
  const Result<FileBeside*> file = files.add(document.name);
  if (!file) return pass_on(file);
  Output out([&](std::string_view text) { return (*file)->write(text); });
  document.write(out);
  return out.end();
}

Result<std::vector<fs::path>> write_folder(const std::vector<Document>& documents, const fs::path& out) {
  const Result<Folder> folder = Folder::make(out);
  if (!folder) return pass_on(folder);
  std::vector<const Document*> wanted;
  std::vector<std::string> stale;
  for (const Document& document : documents) {
    const Result<bool> older = has_older(*folder, document);
    if (!older && document.wanted) return pass_on(older);
    if (!document.wanted && older.value_or(false)) stale.push_back(document.name);
    if (document.wanted) wanted.push_back(&document);
  }
  FileSet files(*folder);
  std::vector<fs::path> paths;
  for (const Document* document : wanted) {
    if (Result<> added = add_to(files, *document); !added) return pass_on(added);
    paths.push_back(out / document->name);
  }
  if (Result<> put = files.put(stale); !put) return pass_on(put);
  return paths;
}

// "energy" of "energy.csv".
std::string table_of(const Document& document) { return document.name.substr(0, document.name.find('.')); }

Result<Document> pick_document(const std::vector<Document>& documents, const std::string& table) {
  std::vector<std::string> names;
  for (const Document& document : documents) {
    names.push_back(table_of(document));
    if (names.back() != table) continue;
    if (document.wanted) return document;
    return fail(Failure::input, "this recording has no table '" + table + "'", "--tables");
  }
  const std::string meant = did_you_mean(table, names);
  return fail(Failure::input, "no such table '" + printable(table) + "'", "--tables",
              meant.empty() ? "there are " + join(names, ", ") : meant);
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

Result<std::vector<Document>> pick_documents(std::vector<Document> documents, const std::string& tables) {
  if (tables.empty()) return documents;
  std::vector<Document> picked;
  for (const std::string& table : split(tables, ',')) {
    Result<Document> document = pick_document(documents, table);
    if (!document) return pass_on(document);
    if (std::ranges::find(picked, document->name, &Document::name) == picked.end())
      picked.push_back(std::move(*document));
  }
  return picked;
}

Result<std::vector<fs::path>> write_documents(const std::vector<Document>& documents, const fs::path& out) {
  if (out == "-") {
    if (documents.size() != 1)
      return fail(Failure::input, "this format is several files", "--out -",
                  "name a folder (--out DIR), or one of them (--tables NAME)");
    if (auto written = write_stdout(documents.front()); !written) return pass_on(written);
    return std::vector<fs::path>{};
  }
  return write_folder(documents, out);
}

}  // namespace pw
