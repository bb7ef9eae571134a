// SPDX-License-Identifier: GPL-3.0-or-later
// What is compared: recordings before and after, variant by variant where they have some, or those of one.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "analyze/compare/comparison.h"
#include "analyze/compare/variant_comparison.h"
#include "base/result.h"
#include "cli/compare/compare_request.h"

namespace pw {

struct CompareFiles {
  std::vector<std::string> before, after;  // with --reference: one of them, before
};
CompareFiles files_of(const CompareRequest& request);

struct Compared {
  std::variant<Comparison, VariantComparisons> of;

  std::span<const Comparison> each() const;
  // In the format of that name; text for the terminal on stdout.
  std::string text(const std::string& format) const;
};

// Errors (input): a file that cannot be read, a quantity that none has, nothing to compare.
Result<Compared> compared(const CompareTask& task, const CompareFiles& files);

}  // namespace pw
