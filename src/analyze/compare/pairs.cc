// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/pairs.h"

#include <map>

namespace pw {

void take_pairs(std::span<const TestValue> before, std::span<const TestValue> after, CompareInput& input) {
  std::map<int, double> others;
  for (const TestValue& test : after) others.emplace(test.test, test.value);
  input.paired = true;
  input.old_tests.assign(1, {});
  input.new_tests.assign(1, {});
  for (const TestValue& test : before)
    if (const auto other = others.find(test.test); other != others.end()) {
      input.old_tests.front().push_back(test.value);
      input.new_tests.front().push_back(other->second);
    }
}

}  // namespace pw
