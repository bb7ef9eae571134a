// SPDX-License-Identifier: GPL-3.0-or-later
// Tests that stand apart from the others, and trends over the tests, in words. docs/method.md has the rules.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analyze/series/measurand.h"

namespace pw {

class LikelyCauses {
 public:
  explicit LikelyCauses(const Recording& recording);
  // What else stood apart in that test: involuntary context switches, migrations, major faults, throttling,
  // steal, frequency, fewer cores from the hypervisor. Nothing: the cause is unknown.
  std::vector<std::string> of(int test) const;

 private:
  std::vector<Series> causes_;
  Series frequency_, cores_;
};

// "test 7 stands apart: elapsed +35.2 %; likely cause: ..." for each test that is odd
// in one of `effects`.
std::vector<std::string> odd_tests(const Recording& recording, std::span<const Measurand* const> effects);

// A sentence where the values rise or fall over the tests (Mann-Kendall at 1 %), by 1 % in all at least.
std::vector<std::string> trends(std::span<const Measurand* const> effects);

}  // namespace pw
