// SPDX-License-Identifier: GPL-3.0-or-later
// Is it better: recordings before against recordings after.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "analyze/compare/decide.h"
#include "analyze/compare/quantities.h"

namespace pw {

struct CompareOptions {
  CompareRules rules;
  std::vector<std::string> rows;            // named beforehand; none: elapsed time and the machine's energy
  std::map<std::string, Direction> better;  // of quantities for which it is not known
};

// What is not the same on both sides: of the machine, its environment, the experiment.
struct SideDifference {
  std::string key, before, after;
};

struct Comparison {
  Basis basis = Basis::one_session;
  std::size_t recordings[2] = {};  // old, new
  std::size_t tests[2] = {};
  std::vector<SideDifference> differences;
  std::vector<ComparedRow> rows;
  int by_chance = 0;                 // Decided's
  std::vector<std::string> unknown;  // of CompareOptions, that no recording has
};

// One or more on either side.
Comparison compare(std::span<const Explanation> before, std::span<const Explanation> after,
                   const CompareOptions& options);

}  // namespace pw
