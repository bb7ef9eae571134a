// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings in formats that other programs read. docs/recording.md says what is in them.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/analysis.h"
#include "base/result.h"
#include "export/output.h"
#include "model/recording.h"

namespace pw {

struct Document {
  std::string name;                    // a file name: "executions.csv"
  std::string beginning;               // of the content, for every recording: so an older one is known
  std::function<void(Output&)> write;  // the content
  bool wanted = true;                  // false: this recording has nothing for it
  bool text = true;                    // false: no terminal shows it
};

// `analysis` is of that recording; both must outlive the documents. Warm-ups are left out.
using ExportFunction = std::vector<Document> (*)(const Recording& recording, const Analysis& analysis);

struct Exporter {
  std::string_view name;     // of --format
  std::string_view summary;  // one line
  ExportFunction function;
};

// The table in exporters.inc.
std::span<const Exporter> exporters();

// Fails (input) with the names there are.
Result<const Exporter*> find_exporter(std::string_view name);

// Those that `tables`, a list of names without their endings, asks for; "": all. Fails (input) where one is
// not there, or this recording has nothing for it.
Result<std::vector<Document>> pick_documents(std::vector<Document> documents, const std::string& tables);

// Writes each document that is wanted to the folder `out`, which is made, and removes what an older export
// left of the others; "-": to stdout, where there is one document only. Gives the paths written. Fails
// (input) where a file is in the way that is no export.
Result<std::vector<std::filesystem::path>> write_documents(const std::vector<Document>& documents,
                                                           const std::filesystem::path& out);

#define EXPORTER(name, summary) \
  std::vector<Document> export_##name(const Recording& recording, const Analysis& analysis);
#include "export/exporters.inc"
#undef EXPORTER

}  // namespace pw
