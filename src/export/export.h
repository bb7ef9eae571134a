// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings in formats that other programs read. docs/recording.md says what is in them.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/power_analysis.h"
#include "model/recording.h"

namespace pw {

struct Document {
  std::string name;  // a file name: "executions.csv"
  std::string content;
};

// `power` is computed by analyze/. Warm-ups are left out of both.
using ExportFunction = std::vector<Document> (*)(const Recording& recording, const PowerAnalysis& power);

struct Exporter {
  std::string_view name;     // of --format
  std::string_view summary;  // one line
  ExportFunction function;
};

std::span<const Exporter> exporters();

// Fails (input) with the names there are.
Result<const Exporter*> find_exporter(std::string_view name);

// Writes each document to the folder `out`, which is made; "-": to stdout, where there is one document only.
// Gives the paths written.
Result<std::vector<std::filesystem::path>> write_documents(const std::vector<Document>& documents,
                                                           const std::filesystem::path& out);

std::vector<Document> export_csv(const Recording& recording, const PowerAnalysis& power);
std::vector<Document> export_json(const Recording& recording, const PowerAnalysis& power);

}  // namespace pw
