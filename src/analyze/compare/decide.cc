// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/compare/samples.h"
#include "analyze/statistics/robust.h"
#include "model/names.h"

namespace pw {
namespace {

constexpr double kAlpha = 0.05;
constexpr std::size_t kSessions = 3;

constexpr Names<Basis, 3> kBases = {{{Basis::interleaved, "interleaved"},
                                     {Basis::sessions, "sessions"},
                                     {Basis::one_session, "one-session"}}};
constexpr Names<CompareVerdict, 7> kVerdicts = {{{CompareVerdict::better, "better"},
                                                 {CompareVerdict::worse, "worse"},
                                                 {CompareVerdict::changed, "changed"},
                                                 {CompareVerdict::differs, "differs"},
                                                 {CompareVerdict::same, "same"},
                                                 {CompareVerdict::cannot_tell, "cannot-tell"},
                                                 {CompareVerdict::not_comparable, "not-comparable"}}};

std::size_t with_values(const std::vector<std::vector<double>>& recordings) {
  return static_cast<std::size_t>(
      std::ranges::count_if(recordings, [](const auto& one) { return !one.empty(); }));
}

std::optional<double> median_of(const std::vector<std::vector<double>>& recordings) {
  std::vector<double> all;
  for (const auto& tests : recordings) all.insert(all.end(), tests.begin(), tests.end());
  return all.empty() ? std::nullopt : std::optional(median(std::move(all)));
}

struct Row {
  const CompareInput* input = nullptr;
  TwoSamples samples = {};
  SampleTest test = {};
  bool tested = false, claimed = false;
};

Row row_of(const CompareInput& input, Basis basis, const CompareRules& rules) {
  Row row{&input};
  if (!input.incomparable.empty()) return row;
  row.samples = two_samples(input, basis);
  if (row.samples.least() < fewest(row.samples)) return row;
  row.test = test_samples(row.samples, input.named, basis, rules.session_sd);
  row.tested = row.test.may_claim;
  return row;
}

// Holm 1979.
void claim(std::vector<Row>& rows, bool named, double alpha) {
  std::vector<Row*> family;
  for (Row& row : rows)
    if (row.tested && row.input->named == named) family.push_back(&row);
  std::ranges::sort(family, {}, [](const Row* row) { return row->test.p; });
  for (std::size_t i = 0; i < family.size(); ++i) {
    if (family[i]->test.p > alpha / static_cast<double>(family.size() - i)) return;
    family[i]->claimed = true;
  }
}

// Half of what may go wrong is for the rows that were named beforehand, where there are others. What a run
// was ended by has all of it, as it had then: such evidence is wrong in half as many or fewer.
void claim_all(std::vector<Row>& rows) {
  const auto any = [&](bool named) {
    return std::ranges::any_of(rows, [&](const Row& row) { return row.tested && row.input->named == named; });
  };
  const double half = any(true) && any(false) ? kAlpha / 2 : kAlpha;
  const bool any_time = std::ranges::any_of(rows, [](const Row& row) { return row.samples.any_time; });
  claim(rows, true, any_time ? kAlpha : half);
  claim(rows, false, half);
}

// With what does not average out over tests.
Interval widened(const Interval& interval, double shift, const CompareInput& input) {
  const double common = std::hypot(input.old_error, input.new_error);
  return {shift - std::hypot(shift - interval.low, common),
          shift + std::hypot(interval.high - shift, common)};
}

bool beyond_errors(const Row& row) {
  const double common = std::hypot(row.input->old_error, row.input->new_error);
  return common <= 0 || std::abs(row.test.shift) > common;
}

bool inside(const Interval& interval, double bound) { return interval.low > -bound && interval.high < bound; }

CompareVerdict difference(const Row& row, bool of_sessions) {
  if (!of_sessions) return CompareVerdict::differs;
  if (row.input->better == Direction::neither) return CompareVerdict::changed;
  const bool lower = row.test.shift < 0;
  return lower == (row.input->better == Direction::lower) ? CompareVerdict::better : CompareVerdict::worse;
}

std::string by_how_much(double shift) {
  const double percent = 100 * std::expm1(shift);
  return fmt::format("{:.3g} % {}", std::abs(percent), percent < 0 ? "less" : "more");
}

// Else of two recordings, whatever made them differ.
bool tells_of_code(Basis basis, const CompareRules& rules) {
  return basis != Basis::one_session || rules.session_sd;
}

void judge(ComparedRow& row, const Row& of, Basis basis, const CompareRules& rules) {
  const bool of_sessions = tells_of_code(basis, rules);
  const double bound = std::log1p(rules.same_within);
  const std::string within = fmt::format("within {:.3g} %", 100 * rules.same_within);
  const bool decided = of.claimed && beyond_errors(of);
  const Interval ci95 = widened(*of.test.ci95, of.test.shift, *of.input);
  const Interval ci90 = widened(*of.test.ci90, of.test.shift, *of.input);
  row.ratio = std::exp(of.test.shift);
  row.ci95 = Interval{std::exp(ci95.low), std::exp(ci95.high)};
  if (decided && inside(ci95, bound)) {
    row.verdict = CompareVerdict::same;
    row.reason = fmt::format("{} ({})", within, by_how_much(of.test.shift));
  } else if (decided) {
    row.verdict = difference(of, of_sessions);
    row.reason = by_how_much(of.test.shift);
  } else if (inside(ci90, bound)) {
    row.verdict = CompareVerdict::same;
    row.reason = within;
  } else if (of.claimed) {
    row.reason = "the sensors' own errors reach over the difference";
  } else {
    row.reason = values_needed(of.test, of.samples.least(), rules.same_within, basis);
  }
}

// Zeros and negative numbers have no ratio.
void judge_difference(ComparedRow& row, const Row& of, bool of_sessions) {
  const bool equal = of.test.shift == 0 && of.test.deviation == 0;
  if (equal)
    row.verdict = CompareVerdict::same;
  else if (of.claimed && beyond_errors(of))
    row.verdict = difference(of, of_sessions);
  row.reason =
      equal ? "equal"
            : fmt::format("zeros or negative values have no ratio; the difference is {:.4g}", of.test.shift);
}

Basis basis_of(std::span<const CompareInput> inputs) {
  if (std::ranges::any_of(inputs, &CompareInput::paired)) return Basis::interleaved;
  const bool sessions = !inputs.empty() && std::ranges::all_of(inputs, [](const CompareInput& input) {
    return !input.incomparable.empty() ||
           (with_values(input.old_tests) >= kSessions && with_values(input.new_tests) >= kSessions);
  });
  return sessions ? Basis::sessions : Basis::one_session;
}

std::string too_few(const TwoSamples& samples) {
  if (samples.any_time)
    return fmt::format("{} pairs: it is looked at from {} on", samples.least(), fewest(samples));
  return fmt::format("{} and {} values: two or more are needed on either side", samples.one.size(),
                     samples.other.size());
}

ComparedRow verdict_of(const Row& of, Basis basis, const CompareRules& rules) {
  const CompareInput& input = *of.input;
  ComparedRow row;
  row.quantity = input.quantity;
  row.unit = input.unit;
  row.named = input.named;
  row.old_median = median_of(input.old_tests);
  row.new_median = median_of(input.new_tests);
  if (!input.incomparable.empty()) {
    row.verdict = CompareVerdict::not_comparable;
    row.reason = input.incomparable;
    return row;
  }
  if (of.samples.least() < fewest(of.samples)) {
    row.reason = too_few(of.samples);
    return row;
  }
  row.p = of.test.p;
  if (!of.samples.logs)
    judge_difference(row, of, tells_of_code(basis, rules));
  else
    judge(row, of, basis, rules);
  if (!of.tested && row.verdict == CompareVerdict::cannot_tell)
    row.reason =
        fmt::format("fewer than {} values on a side tell of the rows named beforehand alone", kUnnamedFrom);
  return row;
}

}  // namespace

std::string_view to_text(Basis basis) { return name_in(kBases, basis); }
std::string_view to_text(CompareVerdict verdict) { return name_in(kVerdicts, verdict); }

bool is_claim(CompareVerdict verdict) {
  return verdict == CompareVerdict::better || verdict == CompareVerdict::worse ||
         verdict == CompareVerdict::changed || verdict == CompareVerdict::differs;
}

Decided decide(std::span<const CompareInput> inputs, const CompareRules& rules) {
  Decided decided;
  decided.basis = basis_of(inputs);
  std::vector<Row> rows;
  for (const CompareInput& input : inputs) rows.push_back(row_of(input, decided.basis, rules));
  claim_all(rows);
  for (const Row& row : rows) {
    decided.rows.push_back(verdict_of(row, decided.basis, rules));
    decided.by_chance += row.tested && !row.claimed && row.test.p <= kAlpha;
  }
  return decided;
}

}  // namespace pw
