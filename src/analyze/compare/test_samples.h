// SPDX-License-Identifier: GPL-3.0-or-later
// For tests: samples as machines give them. Fixed seeds.
#pragma once

#include <cmath>
#include <functional>
#include <random>
#include <string_view>
#include <vector>

#include "analyze/compare/decide.h"

namespace pw::test {

using Random = std::mt19937_64;

inline double normal(Random& random) { return std::normal_distribution<double>()(random); }
inline double uniform(Random& random) { return std::uniform_real_distribution<double>()(random); }

// Noise of mean 0 in units of the standard deviation, of which `z` is the normal part that rows may share.
struct NoiseKind {
  std::string_view name;
  double (*value)(Random&, double z);
};
inline constexpr NoiseKind kNoises[] = {
    {"normal", [](Random&, double z) { return z; }},
    {"log-normal", [](Random&, double z) { return (std::exp(0.8 * z) - std::exp(0.32)) / 1.4; }},
    {"bimodal", [](Random& random, double z) { return 0.3 * z + (uniform(random) < 0.3 ? 1.6 : -0.6); }},
    {"outliers", [](Random& random,
                    double z) { return 0.6 * z + (uniform(random) < 0.1 ? 4 + 2 * uniform(random) : 0); }},
    {"ties", [](Random&, double z) { return std::round(z); }},
    {"constant", [](Random&, double) { return 0.0; }},
};

struct RowsPlan {
  int tests = 11;
  int rows = 20, correlated = 6, named = 2;
  double noise = 0.02;
  double ratio = 1;  // of the first row and those that go with it
};

inline std::vector<CompareInput> rows_of(Random& random, const NoiseKind& kind, const RowsPlan& plan) {
  std::vector<CompareInput> inputs(static_cast<std::size_t>(plan.rows));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    inputs[i].quantity = std::to_string(i);
    inputs[i].better = Direction::lower;
    inputs[i].named = static_cast<int>(i) < plan.named;
    inputs[i].old_tests.resize(1);
    inputs[i].new_tests.resize(1);
  }
  for (const bool is_new : {false, true})
    for (int test = 0; test < plan.tests; ++test) {
      const double shared = normal(random);
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        const bool together = static_cast<int>(i) < plan.correlated;
        const double z = together ? 0.985 * shared + 0.17 * normal(random) : normal(random);
        const double ratio = is_new && together ? plan.ratio : 1;
        auto& tests = (is_new ? inputs[i].new_tests : inputs[i].old_tests).front();
        tests.push_back(100 * ratio * (1 + plan.noise * kind.value(random, z)));
      }
    }
  return inputs;
}

}  // namespace pw::test
