// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/aa.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyze/compare/samples.h"
#include "analyze/statistics/statistics.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr std::size_t kBlock = 11, kLeastBlock = 3, kMostComparisons = 500, kSessionSide = 3;

void count(const Decided& decided, AaClaims& claims) {
  bool any = false;
  for (const ComparedRow& row : decided.rows) {
    auto at = std::ranges::find(claims.rows, row.quantity, &AaRow::quantity);
    if (at == claims.rows.end()) at = claims.rows.insert(at, AaRow{row.quantity, row.named});
    at->compared += row.p.has_value();
    at->claimed += is_claim(row.verdict);
    any |= is_claim(row.verdict);
  }
  claims.basis = decided.basis;
  ++claims.comparisons;
  claims.claimed += any;
}

std::vector<double> slice(const std::vector<double>& values, std::size_t begin, std::size_t size) {
  const auto from = values.begin() + static_cast<std::ptrdiff_t>(begin);
  return {from, from + static_cast<std::ptrdiff_t>(size)};
}

std::vector<CompareInput> two_blocks(std::span<const CompareInput> one, std::size_t begin, std::size_t size,
                                     std::size_t tests) {
  std::vector<CompareInput> inputs;
  for (const CompareInput& input : one) {
    if (!input.incomparable.empty() || input.old_tests.front().size() != tests) continue;
    CompareInput blocks = input;
    blocks.old_tests = {slice(input.old_tests.front(), begin, size)};
    blocks.new_tests = {slice(input.old_tests.front(), begin + size, size)};
    inputs.push_back(std::move(blocks));
  }
  return inputs;
}

std::size_t most_tests(std::span<const CompareInput> one) {
  std::size_t most = 0;
  for (const CompareInput& input : one)
    if (input.incomparable.empty()) most = std::max(most, input.old_tests.front().size());
  return most;
}

std::size_t block_of(std::size_t tests) { return std::min(kBlock, tests / 2); }

Result<> check_equal(std::span<const Explanation> recordings) {
  const std::string first = label_or_command(recordings.front().recording->experiment);
  for (const Explanation& one : recordings)
    if (const std::string other = label_or_command(one.recording->experiment); other != first)
      return fail(Failure::input,
                  fmt::format("'{}' and '{}' are not one and the same", printable(first), printable(other)),
                  "--aa", "recordings of one label, or of one command without a label");
  return {};
}

AaClaims pairs_of(std::span<const Explanation> recordings, const CompareOptions& options) {
  AaClaims claims;
  claims.values = 1;
  claims.apart = recordings.size() / 2;
  const std::size_t all = recordings.size() * (recordings.size() - 1) / 2;
  std::size_t number = 0;
  for (std::size_t i = 0; i < recordings.size(); ++i)
    for (std::size_t k = i + 1; k < recordings.size(); ++k, ++number)
      if (all <= kMostComparisons || number * kMostComparisons / all != (number + 1) * kMostComparisons / all)
        count(decide(compare_inputs(recordings.subspan(i, 1), recordings.subspan(k, 1), options),
                     options.rules),
              claims);
  return claims;
}

AaClaims sessions_of(std::span<const Explanation> recordings, const CompareOptions& options) {
  AaClaims claims;
  claims.values = kSessionSide;
  claims.apart = recordings.size() / (2 * kSessionSide);
  for (std::size_t i = 0; i + 2 * kSessionSide <= recordings.size() && i < kMostComparisons; ++i)
    count(decide(compare_inputs(recordings.subspan(i, kSessionSide),
                                recordings.subspan(i + kSessionSide, kSessionSide), options),
                 options.rules),
          claims);
  return claims;
}

std::vector<SessionSpread> spread_of(std::span<const Explanation> recordings, const CompareOptions& options) {
  std::vector<SessionSpread> spread;
  for (const CompareInput& input : compare_inputs(recordings, recordings, options)) {
    if (!input.incomparable.empty()) continue;
    const TwoSamples means = two_samples(input, Basis::sessions);
    const auto all = statistics(means.one);
    if (means.logs && all && all->n >= static_cast<int>(kSessionSide))
      spread.push_back({input.quantity, all->deviation});
  }
  return spread;
}

}  // namespace

AaClaims aa_of_blocks(std::span<const CompareInput> one, const CompareRules& rules) {
  const std::size_t tests = most_tests(one), size = block_of(tests);
  AaClaims claims;
  claims.values = size;
  if (size == 0) return claims;
  claims.apart = tests / (2 * size);
  const std::size_t places = tests - 2 * size + 1, step = (places + kMostComparisons - 1) / kMostComparisons;
  for (std::size_t begin = 0; begin < places; begin += step)
    count(decide(two_blocks(one, begin, size, tests), rules), claims);
  return claims;
}

Result<Aa> compare_aa(std::span<const Explanation> recordings, const CompareOptions& options) {
  if (const Result<> equal = check_equal(recordings); !equal) return pass_on(equal);
  Aa aa;
  aa.recordings = recordings.size();
  if (recordings.size() > 1) {
    aa.claims.push_back(pairs_of(recordings, options));
    if (recordings.size() >= 2 * kSessionSide) aa.claims.push_back(sessions_of(recordings, options));
    aa.spread = spread_of(recordings, options);
    return aa;
  }
  const std::vector<CompareInput> one = compare_inputs(recordings, recordings, options);
  if (block_of(most_tests(one)) < kLeastBlock)
    return fail(Failure::input,
                fmt::format("a recording with {} tests cannot be cut into blocks", most_tests(one)), "--aa",
                "take one of 22 or more (two blocks of 11), or several recordings");
  aa.claims.push_back(aa_of_blocks(one, options.rules));
  return aa;
}

}  // namespace pw
