// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/clock_or_code.h"

#include <fmt/format.h>

#include <cmath>

#include "analyze/compare/samples.h"
#include "analyze/statistics/robust.h"
#include "base/paired_evidence.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr double kPartAlpha = 0.05 / 3;
enum { kElapsed, kCycles, kFrequency, kCpus, kParts };

struct PartName {
  const char *name, *unit;
};
constexpr PartName kPartNames[kParts] = {
    {"elapsed", "s"}, {"cycles", ""}, {"frequency", "Hz"}, {"CPUs used", ""}};

using Tests = std::vector<std::vector<double>>;

Tests quotients(const Tests& over, const Tests& under) {
  Tests all(over.size());
  for (std::size_t i = 0; i < over.size(); ++i)
    for (std::size_t k = 0; k < over[i].size(); ++k)
      if (under[i][k] > 0) all[i].push_back(over[i][k] / under[i][k]);
  return all;
}

Tests values_of_part(const ClockSide& side, int part) {
  switch (part) {
    case kCycles:
      return side.cycles;
    case kFrequency:
      return quotients(side.cycles, side.cpu_seconds);
    case kCpus:
      return quotients(side.cpu_seconds, side.elapsed);
    default:
      return side.elapsed;
  }
}

double median_of_all(const Tests& tests) {
  std::vector<double> all;
  for (const auto& one : tests) all.insert(all.end(), one.begin(), one.end());
  return median(std::move(all));
}

// A p takes the number of tests as fixed.
bool can_be_told(const ClockTerms& terms) { return terms.stop_rule.empty() || terms.any_time; }

std::optional<ClockPart> part_of(const ClockSide& before, const ClockSide& after, int part,
                                 const ClockTerms& terms) {
  CompareInput input;
  input.old_tests = values_of_part(before, part);
  input.new_tests = values_of_part(after, part);
  input.paired = terms.basis == Basis::interleaved;
  input.any_time = input.paired && terms.any_time;
  const TwoSamples samples = two_samples(input, terms.basis);
  if (!samples.logs || samples.least() < fewest(samples)) return std::nullopt;
  const SampleTest test = test_samples(samples, true, terms.basis, std::nullopt);
  ClockPart one{kPartNames[part].name, kPartNames[part].unit};
  one.before = median_of_all(input.old_tests);
  one.after = median_of_all(input.new_tests);
  one.ratio = std::exp(test.shift);
  if (test.ci95) one.ci95 = Interval{std::exp(test.ci95->low), std::exp(test.ci95->high)};
  one.told = can_be_told(terms) && test.p <= kPartAlpha;
  return one;
}

std::string by_percent(const ClockPart& part, const char* more, const char* less) {
  return fmt::format("{:.3g} % {}", 100 * std::abs(part.ratio - 1), part.ratio > 1 ? more : less);
}

std::string conclusion_of(const std::vector<ClockPart>& parts, const ClockTerms& terms) {
  if (!can_be_told(terms))
    return "which of the three it is cannot be told: " + terms.stop_rule + " has ended the tests";
  std::vector<std::string> said;
  if (const ClockPart& cycles = parts[kCycles]; cycles.told)
    said.push_back(by_percent(cycles, "more", "fewer") +
                   " cycles were needed: the code, or others in its caches and memory");
  if (const ClockPart& frequency = parts[kFrequency]; frequency.told)
    said.push_back("a CPU second had " + by_percent(frequency, "more", "fewer") + " cycles: the machine");
  if (const ClockPart& cpus = parts[kCpus]; cpus.told)
    said.push_back(
        by_percent(cpus, "more", "fewer") + " CPUs were used: " +
        (cpus.ratio < 1 ? "waiting, or less in parallel, which may be the code" : "more in parallel"));
  return said.empty() ? "none of the three is told apart by itself" : join(said, "; ");
}

std::string why_too_few(const ClockTerms& terms) {
  if (terms.any_time)
    return fmt::format("fewer than {} pairs of tests have elapsed time, cycles and task-clock", kLeastPairs);
  return "fewer than two tests on a side have elapsed time, cycles and task-clock";
}

}  // namespace

ClockOrCode split_clock(const ClockSide& before, const ClockSide& after, const ClockTerms& terms) {
  ClockOrCode split;
  for (int part = 0; part < kParts; ++part) {
    const auto one = part_of(before, after, part, terms);
    if (!one) {
      split.parts.clear();
      split.why = why_too_few(terms);
      return split;
    }
    split.parts.push_back(*one);
  }
  if (const ClockPart& frequency = split.parts[kFrequency]; frequency.told)
    split.machine.push_back(
        fmt::format("frequency {:.4g} -> {:.4g} GHz", frequency.before * 1e-9, frequency.after * 1e-9));
  if (terms.elapsed_told) split.conclusion = conclusion_of(split.parts, terms);
  return split;
}

}  // namespace pw
