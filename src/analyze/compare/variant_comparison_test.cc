// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/variant_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <list>

#include "analyze/compare/test_samples.h"
#include "analyze/compare/variant_choice.h"
#include "analyze/compare/variant_table.h"
#include "analyze/test_study.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kDrift = 0.02;  // of the logarithm of a time, from an execution to the next

// Eleven tests of two variants on a machine that gets slower. `ratio`: the second's time to the first's.
Recording drifting(double ratio, const std::string& order) {
  Recording recording = test::small_recording();
  Experiment& experiment = recording.experiment;
  experiment.tests = 11;
  experiment.variants = {{"side=a", {{"side", "a"}}, {"./job", "a"}},
                         {"side=b", {{"side", "b"}}, {"./job", "b"}}};
  experiment.procedure = {{"order", order}};
  const Execution one = recording.executions.front();
  recording.executions.clear();
  test::Random random(5);
  Nanoseconds now{1'000'000'000};
  for (int i = 0; i < 2 * experiment.tests; ++i) {
    Execution execution = one;
    const bool blocked = order == "blocked";
    execution.test = 1 + (blocked ? i % experiment.tests : i / 2);
    execution.variant = blocked ? i / experiment.tests : (i + i / 2) % 2;
    const double seconds =
        (execution.variant == 1 ? ratio : 1) * std::exp(kDrift * i + 0.002 * test::normal(random));
    execution.begin = now;
    execution.end = now = now + to_nanoseconds({seconds});
    recording.executions.push_back(execution);
  }
  return recording;
}

VariantComparisons compared(const Recording& recording) {
  const Analysis analysis = analyze(recording);
  std::list<Recording> views;
  std::vector<Explanation> all;
  for_each_variant(recording, analysis, [&](const Recording& view, const Analysis& one, std::size_t) {
    all.push_back({&views.emplace_back(view), &one});
  });
  return compare_variants(recording.experiment, all, *variant_references(recording.experiment, ""), {});
}

const ComparedRow& elapsed_of(const Comparison& comparison) {
  return *std::ranges::find(comparison.rows, "elapsed", &ComparedRow::quantity);
}

TEST(VariantComparison, PairsOfTestsRemoveADriftThatBlocksShow) {
  const VariantComparisons in_turn = compared(drifting(1, "interleaved"));
  ASSERT_EQ(in_turn.all.size(), 1U);
  EXPECT_EQ(in_turn.all.front().basis, Basis::interleaved);
  EXPECT_FALSE(is_claim(elapsed_of(in_turn.all.front()).verdict));
  EXPECT_NEAR(*elapsed_of(in_turn.all.front()).ratio, 1, 0.005);
  const VariantComparisons blocked = compared(drifting(1, "blocked"));
  EXPECT_EQ(blocked.all.front().basis, Basis::one_session);
  EXPECT_EQ(elapsed_of(blocked.all.front()).verdict, CompareVerdict::differs);
  EXPECT_GT(*elapsed_of(blocked.all.front()).ratio, 1.15);
}

TEST(VariantComparison, FindsADifferenceUnderADrift) {
  const VariantComparisons comparisons = compared(drifting(1.05, "interleaved"));
  const Comparison& one = comparisons.all.front();
  EXPECT_EQ(one.variant, "side=b");
  EXPECT_EQ(one.reference, "side=a");
  EXPECT_THAT(one.other_values, ElementsAre("side"));
  EXPECT_EQ(elapsed_of(one).verdict, CompareVerdict::worse);
  EXPECT_NEAR(*elapsed_of(one).ratio, 1.05, 0.01);
  EXPECT_EQ(one.tests[0], 11U);
}

TEST(VariantComparison, OfTwoRecordingsComparesWhatBothHave) {
  const Recording before = drifting(1, "interleaved"), after = drifting(1.21, "interleaved");
  std::list<Recording> views;
  std::list<Analysis> analyses;
  std::vector<MatchedVariant> variants = {{"side=a", {}, {}}, {"side=b", {}, {}}, {"side=c", {}, {}}};
  for (const auto& [recording, side] :
       {std::pair{&before, &MatchedVariant::before}, {&after, &MatchedVariant::after}}) {
    const Analysis analysis = analyze(*recording);
    for_each_variant(*recording, analysis,
                     [&, to = side](const Recording& view, const Analysis& one, std::size_t i) {
                       (variants[i].*to).push_back({&views.emplace_back(view), &analyses.emplace_back(one)});
                     });
  }
  variants[2].after = variants[1].after;
  const VariantComparisons comparisons = compare_matched(variants, {});
  ASSERT_EQ(comparisons.all.size(), 2U);
  EXPECT_EQ(comparisons.all[1].variant, "side=b");
  EXPECT_EQ(comparisons.all[1].reference, "");
  EXPECT_EQ(comparisons.all[1].basis, Basis::one_session);
  EXPECT_THAT(comparisons.unmatched, ElementsAre("side=c"));
  ASSERT_FALSE(comparisons.means.empty());
  EXPECT_EQ(comparisons.means.front().quantity, "elapsed");
  EXPECT_EQ(comparisons.means.front().ratios, 2U);
  EXPECT_NEAR(comparisons.means.front().ratio, 1.1, 0.01);  // of 1 and 1.21
}

double width_of(const ComparedRow& row) { return row.ci95->high - row.ci95->low; }

TEST(VariantComparison, OfTestsThatARuleEndedTakesWhatMayBeLookedAtAtAnyTime) {
  Recording recording = drifting(1.05, "interleaved");
  const ComparedRow fixed = elapsed_of(compared(recording).all.front());
  recording.experiment.procedure.push_back({"until-decided", "elapsed 2%"});
  const VariantComparisons comparisons = compared(recording);
  EXPECT_EQ(comparisons.all.front().stop_rule, "--until-decided elapsed 2%");
  const ComparedRow& row = elapsed_of(comparisons.all.front());
  EXPECT_EQ(row.verdict, CompareVerdict::worse);
  EXPECT_GT(width_of(row), width_of(fixed));
  std::erase_if(recording.executions, [](const Execution& one) { return one.test > 4; });
  const VariantComparisons four = compared(recording);
  EXPECT_EQ(elapsed_of(four.all.front()).verdict, CompareVerdict::cannot_tell);
  EXPECT_FALSE(elapsed_of(four.all.front()).ci95);
  EXPECT_EQ(elapsed_of(four.all.front()).reason, "4 pairs: it is looked at from 5 on");
}

TEST(VariantComparison, IsMadeWithinTheWidthOfTheRun) {
  Recording recording = drifting(1.05, "interleaved");
  EXPECT_EQ(compared(recording).all.front().same_within, 0.02);
  recording.experiment.procedure.push_back({"until-decided", "elapsed 20%"});
  EXPECT_EQ(compared(recording).all.front().same_within, 0.2);
  EXPECT_EQ(elapsed_of(compared(recording).all.front()).verdict, CompareVerdict::same);
}

TEST(VariantComparison, OfBlocksThatARuleEndedTellsNoP) {
  Recording recording = drifting(1.05, "blocked");
  EXPECT_TRUE(elapsed_of(compared(recording).all.front()).p);
  recording.experiment.procedure.push_back({"stop-when", "elapsed:1%"});
  EXPECT_FALSE(elapsed_of(compared(recording).all.front()).p);
}

TEST(VariantTable, HasTheRatiosOfPairs) {
  const Recording recording = drifting(1.05, "interleaved");
  const VariantTable table = variant_table(recording, analyze(recording), {1, 1});
  ASSERT_EQ(table.lines.size(), 2U);
  EXPECT_EQ(table.basis, Basis::interleaved);
  EXPECT_FALSE(table.lines[1].time_ratio);
  ASSERT_TRUE(table.lines[0].time_ratio);
  EXPECT_NEAR(*table.lines[0].time_ratio->ratio, 1 / 1.05, 0.01);
  EXPECT_EQ(table.lines[0].tests, 11U);
  EXPECT_TRUE(table.energy_of.empty());
  EXPECT_FALSE(table.lines[0].energy_ratio->ratio);
}

TEST(Analysis, OfAVariantIsThatOfItAlone) {
  const Recording recording = drifting(2, "interleaved");
  const Analysis analysis = analyze(recording);
  ASSERT_EQ(analysis.variants.size(), 2U);
  for_each_variant(recording, analysis, [&](const Recording& view, const Analysis& one, std::size_t i) {
    EXPECT_EQ(view.executions.size(), 11U);
    EXPECT_EQ(view.experiment.command.back(), i == 0 ? "a" : "b");
    EXPECT_THAT(view.experiment.label, HasSubstr(i == 0 ? "(side=a)" : "(side=b)"));
    EXPECT_TRUE(view.experiment.variants.empty());
    EXPECT_EQ(one.run.elapsed.series.tests.size(), 11U);
    EXPECT_EQ(one.run.elapsed.value->mean, analyze(Recording(view)).run.elapsed.value->mean);
  });
  EXPECT_EQ(analysis.summary.front().variant, "side=a");
  EXPECT_EQ(analysis.summary.back().variant, "side=b");
}

Experiment grid() {
  Experiment experiment;
  for (const char* threads : {"1", "2"})
    for (const char* build : {"./old", "./new"})
      experiment.variants.push_back({std::string("threads=") + threads + " build=" + build,
                                     {{"threads", threads}, {"build", build}},
                                     {}});
  return experiment;
}

TEST(VariantChoice, AReferenceIsTheOneWithMostValuesInCommon) {
  const Experiment experiment = grid();
  EXPECT_THAT(*variant_references(experiment, ""), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(*variant_references(experiment, "build=./old"), ElementsAre(0, 0, 2, 2));
  EXPECT_THAT(*variant_references(experiment, "threads=2"), ElementsAre(2, 3, 2, 3));
  EXPECT_THAT(*variant_references(experiment, "threads=2 build=./new"), ElementsAre(3, 3, 3, 3));
  EXPECT_THAT(*chosen_variants(experiment, "threads=2"), ElementsAre(2, 3));
  EXPECT_THAT(*chosen_variants(experiment, ""), ElementsAre(0, 1, 2, 3));
}

TEST(VariantChoice, SaysWhatThereIs) {
  EXPECT_THAT(one_line(chosen_variants(grid(), "threads=3").error()), HasSubstr("no variant is 'threads=3'"));
  EXPECT_THAT(one_line(variant_references({}, "").error()), HasSubstr("the recording has no variants"));
  EXPECT_THAT(one_line(chosen_variants({}, "n=1").error()), HasSubstr("the recording has no variants"));
  EXPECT_THAT(*chosen_variants({}, ""), ElementsAre(0));
}

}  // namespace
}  // namespace pw
