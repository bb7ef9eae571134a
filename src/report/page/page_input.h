// SPDX-License-Identifier: GPL-3.0-or-later
// What a page is made of.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "analyze/analysis.h"
#include "analyze/compare/comparison.h"
#include "analyze/compare/variant_comparison.h"
#include "analyze/history/history.h"
#include "model/recording.h"

namespace pw {

// Points of power that a page holds, of all its channels together: 20 bytes each.
inline constexpr std::size_t kPagePoints = 120'000;

// Regions that a page holds of a recording: those that took longest, with what they are within.
inline constexpr std::size_t kPageRegions = 2000;

// Values of ranks in executions that a page holds of a recording, or one execution of each: 6 bytes each.
inline constexpr std::size_t kPageRankCells = 1'000'000;

struct PageRecording {
  std::string file;       // its name
  std::string_view side;  // of a comparison: "old" or "new"; else ""
  const Recording& recording;
  const Analysis& analysis;  // with lines, rows and all of regions
};

// Of recordings before and after, with variants in them or without; or of the variants of one.
struct PageComparison {
  std::string of;        // the file whose variants they are; "": old and new
  std::string sentence;  // which of them is best; ""
  std::variant<Comparison, VariantComparisons> what;
};

struct PageInput {
  std::span<const PageRecording> recordings;
  std::span<const PageComparison> comparisons = {};
  std::span<const HistoryGroup> history = {};  // alone
};

}  // namespace pw
