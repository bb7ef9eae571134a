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

// The summary on stdout, in colour where that is wanted; `verbose`: of an analysis with the bootstrap.
void print_summary(const Explained& explained, bool verbose = false);

// "recording: FILE", wherever that is now. An error (measurement) where it was deleted.
Result<> print_place(const SqliteSink& recorded, std::FILE* to);

// What `-M LIST` asks of the recording, on stdout.
Result<> print_metrics(const Recording& recording, const std::string& list);

}  // namespace pw
