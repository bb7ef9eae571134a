// SPDX-License-Identifier: GPL-3.0-or-later
// What show, plot, export and the end of run share: a recording and what is computed from it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/power_analysis.h"
#include "model/recording.h"

namespace pw {

struct Explained {
  Recording recording;
  PowerAnalysis power;
};

Result<Explained> explain(const std::filesystem::path& path);

// The summary on stdout, in colour where that is wanted.
void print_summary(const Explained& explained, bool verbose = false);

// What `-M LIST` asks of the recording, on stdout.
Result<> print_metrics(const Recording& recording, const std::string& list);

}  // namespace pw
