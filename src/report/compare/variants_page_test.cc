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

}  // namespace
}  // namespace pw
