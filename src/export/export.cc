// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/export.h"

#include <cerrno>
#include <cstdio>

#include "base/text.h"
#include "os/file.h"

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

Result<std::vector<fs::path>> write_documents(const std::vector<Document>& documents, const fs::path& out) {
  if (out == "-") {
    if (documents.size() != 1)
      return fail(Failure::input, "this format is several files", "--out -", "name a folder: --out DIR");
    if (auto written = write_stdout(documents.front().content); !written) return pass_on(written);
    return std::vector<fs::path>{};
  }
  if (auto made = make_folder(out); !made) return pass_on(made);
  std::vector<fs::path> paths;
  for (const Document& document : documents) {
    if (auto written = write_file(out / document.name, document.content); !written) return pass_on(written);
    paths.push_back(out / document.name);
  }
  return paths;
}

}  // namespace pw
