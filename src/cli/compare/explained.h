// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings of files, and what is computed from them.
#pragma once

#include <list>
#include <string>
#include <vector>

#include "analyze/analysis.h"
#include "analyze/compare/quantities.h"
#include "analyze/compare/variant_comparison.h"
#include "base/result.h"
#include "model/recording.h"

namespace pw {

// What Explanations refer to.
struct Kept {
  Recording recording;
  Analysis analysis;
};

// One of each file: of one with variants the one that `variant` names. Errors (input): it names none, or
// several.
Result<std::vector<Explanation>> explain_all(const std::vector<std::string>& files,
                                             const std::string& variant, std::list<Kept>& kept);

// Of each label that any of the recordings has what each of them has; "" is that of a recording without
// variants.
Result<std::vector<MatchedVariant>> explain_matched(const std::vector<std::string>& before,
                                                    const std::vector<std::string>& after,
                                                    std::list<Kept>& kept);

struct ExplainedVariants {
  Experiment experiment;  // of all of them
  std::vector<Explanation> all;
  std::vector<std::size_t> references;  // variant_references()
};

// Those of one file. Errors (input): it has none, or not that reference.
Result<ExplainedVariants> explain_variants(const std::string& file, const std::string& reference,
                                           std::list<Kept>& kept);

}  // namespace pw
