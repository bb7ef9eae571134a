// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/compare/variants_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyze/test_study.h"

namespace pw {
namespace {

using testing::HasSubstr;

TEST(VariantsPage, AnEnergyOfZeroHasItsInterval) {
  const Recording recording = test::small_recording();
  VariantTable table;
  table.energy_of = "dcmi/system";
  table.lines.resize(2);
  for (VariantLine& line : table.lines) line.label = "n=1", line.energy = 0, line.energy_error = 0.5;
  table.lines[1].label = "n=2";
  table.lines[1].energy = 2;
  const std::string text = variants_text(recording, analyze(recording), table, {});
  EXPECT_THAT(text, HasSubstr("± 500 mJ"));
  EXPECT_THAT(text, HasSubstr("± 25 %"));
}

VariantTable three_of_them() {
  VariantTable table;
  table.lines.resize(3);
  for (std::size_t i = 0; i < table.lines.size(); ++i)
    table.lines[i].label = i == 0 ? "n=1" : i == 1 ? "n=2" : "n=4";
  return table;
}

BestVariant best_of(double ratio, CompareVerdict verdict) {
  BestVariant best;
  best.index = 2;
  best.next = 1;
  best.row.ratio = ratio;
  best.row.ci95 = Interval{ratio - 0.1, ratio + 0.1};
  best.row.verdict = verdict;
  return best;
}

TEST(VariantsSentence, NamesTheFastestAndTheOneOfLeastEnergy) {
  const Recording recording = test::small_recording();
  VariantTable table = three_of_them();
  table.best.time = best_of(1.5, CompareVerdict::worse);
  table.best.energy = best_of(2, CompareVerdict::worse);
  table.energy_of = "dcmi/system";
  EXPECT_EQ(
      variants_sentence(recording, table),
      "n=4 is fastest, 1.5 (1.4 to 1.6) times as fast as n=2, the next; n=4 takes the least net energy, "
      "0.5 (0.476 to 0.526) of the energy of n=2, the next.");
  table.per_item = true;
  EXPECT_THAT(variants_sentence(recording, table), HasSubstr("n=4 is fastest per item, 1.5"));
  EXPECT_THAT(variants_sentence(recording, table), HasSubstr("takes the least net energy an item, 0.5"));
  table.lines[0].failed = 2;
  table.basis = Basis::one_session;
  EXPECT_THAT(variants_sentence(recording, table),
              HasSubstr(" With care: 2 executions failed, one variant ran after the other"));
}

TEST(VariantsSentence, SaysWhatCannotBeTold) {
  const Recording recording = test::small_recording();
  VariantTable table = three_of_them();
  EXPECT_EQ(variants_sentence(recording, table),
            "which is fastest cannot be told: fewer than two have a time.");
  table.best.time = best_of(1.01, CompareVerdict::cannot_tell);
  table.best.time->rivals = {1, 0};
  table.best.time->row.reason = "so";
  EXPECT_EQ(variants_sentence(recording, table), "which of n=4, n=2 and n=1 is fastest cannot be told (so).");
  table.best.time->all_same = true;
  EXPECT_EQ(variants_sentence(recording, table), "n=4, n=2 and n=1 are fastest, the same within 2 %.");
  table.energy_of = "dcmi/system";
  EXPECT_THAT(variants_sentence(recording, table),
              HasSubstr("least net energy cannot be told: fewer than two have one"));
  table.lines.resize(1);
  table.best = {};
  EXPECT_EQ(variants_sentence(recording, table), "there is one variant.");
}

}  // namespace
}  // namespace pw
