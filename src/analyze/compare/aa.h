// SPDX-License-Identifier: GPL-3.0-or-later
// How often a difference would be claimed here between equal things: A against A.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyze/compare/comparison.h"
#include "base/result.h"

namespace pw {

struct AaRow {
  std::string quantity;
  bool named = false;
  std::size_t compared = 0, claimed = 0;
};

struct AaClaims {
  Basis basis = Basis::one_session;
  std::size_t values = 0;       // a side: tests of a block, or recordings
  std::size_t comparisons = 0;  // those made
  std::size_t apart = 0;        // so many have nothing in common
  std::size_t claimed = 0;      // with any claim
  std::vector<AaRow> rows;
};

// How far the means of recordings are apart: the standard deviation of their logarithms' means.
struct SessionSpread {
  std::string quantity;
  double deviation = 0;  // relative
};

struct Aa {
  std::size_t recordings = 0;
  std::vector<AaClaims> claims;       // of blocks; or of pairs of recordings and of three against three
  std::vector<SessionSpread> spread;  // from three recordings on
};

// Blocks of tests that follow each other, out of `one`: its old_tests alone are looked at.
AaClaims aa_of_blocks(std::span<const CompareInput> one, const CompareRules& rules);

// One recording is cut into blocks; of several each is compared with each. Errors (input): too few tests,
// recordings that are not of one and the same.
Result<Aa> compare_aa(std::span<const Explanation> recordings, const CompareOptions& options);

}  // namespace pw
