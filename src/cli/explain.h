// SPDX-License-Identifier: GPL-3.0-or-later
// What show, plot, export and the end of run share: a recording and what is computed from it.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "analyze/analysis.h"
#include "base/result.h"
#include "model/recording.h"
#include "store/recorder_sink.h"

namespace pw {

struct Explained {
  Recording recording;
  Analysis analysis;
};

Result<Explained> explain(Result<Recording> recording, const AnalysisOptions& options = {});
Result<Explained> explain(const std::filesystem::path& path, const AnalysisOptions& options = {});

struct SummaryDetail {
  bool verbose = false;  // of an analysis with the bootstrap
  bool tests = false;    // with a table of the tests
};

// Of a recording with variants.
struct ShownVariants {
  std::string only;       // the variant that is shown: "NAME=V"; "": all, beside each other
  std::string reference;  // that the others are compared with; "": the first
};

// The summary on stdout, in colour where that is wanted. Errors (input): a variant that is none.
Result<> print_summary(const Explained& explained, const SummaryDetail& detail = {},
                       const ShownVariants& variants = {});

// "recording: FILE", wherever that is now. An error (measurement) where it was deleted.
Result<> print_place(const SqliteSink& recorded, std::FILE* to);

// What `-M LIST` asks of the recording, on stdout: of each variant, or of `only` that one.
Result<> print_metrics(const Recording& recording, const std::string& list, const std::string& only = "");

}  // namespace pw
