// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of perfwatt compare.
#pragma once

#include <string>
#include <vector>

#include "analyze/compare/comparison.h"
#include "analyze/compare/limits.h"
#include "base/result.h"
#include "options/options.h"

namespace pw {

// As typed; "": not asked for.
struct CompareRequest {
  std::vector<std::string> before, after, aa, fail_if, better;
  std::string rows, same_within, session_sd, format = "text", reference, variant, figures, confirm;
  bool strict = false;
};

// Once they are parsed.
struct CompareTask {
  CompareRequest request;
  CompareOptions options;
  std::vector<Limit> limits;
};

void add_compare_options(CLI::App& app, CompareRequest& request);

// Errors (input): options that do not go together, or say nothing.
Result<CompareTask> compare_task(CompareRequest request);

}  // namespace pw
