// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/ranks/ranks_page.h"

#include <gmock/gmock.h>

#include <string>

namespace pw {
namespace {

using testing::HasSubstr;

// Of a job of two nodes with a rank each, the first of which draws as much idle.
std::string section_of(Joules net, Joules uncertainty) {
  RankAnalysis analysis;
  analysis.size = 2;
  analysis.rows = {{.rank = 0}, {.rank = 1}};
  for (const int rank : {0, 1}) {
    RankNode node{.name = rank == 0 ? "n1" : "n2", .ranks = {rank}, .sensor = "hwmon/power1"};
    node.energy = Joules{200}, node.uncertainty = Joules{1};
    node.net = rank == 0 ? net : Joules{50}, node.net_uncertainty = rank == 0 ? uncertainty : Joules{2};
    analysis.nodes.push_back(node);
  }
  analysis.energy = JobEnergy{.energy = Joules{400}, .uncertainty = Joules{1.5}, .known = 2, .net_known = 2};
  return ranks_section(Recording{}, analysis, {});
}

TEST(RanksSection, HasWhatTheNodesDrewAndHowSureThatIs) {
  const std::string text = section_of({40}, {3});
  EXPECT_THAT(text, HasSubstr("200 J ± 0.50 %"));
  EXPECT_THAT(text, HasSubstr("40 J ± 7.50 %"));
  EXPECT_THAT(text, HasSubstr("50 J ± 4.00 %"));
}

TEST(RanksSection, SaysBothOfWhatIsNotToldFromNothing) {
  EXPECT_THAT(section_of({1.1}, {1.2}), HasSubstr(" 1.1 J ± 1.2 J"));
  EXPECT_THAT(section_of({-1.1}, {1.2}), HasSubstr("-1.1 J ± 1.2 J"));
  EXPECT_THAT(section_of({-9}, {1.2}), HasSubstr("-9 J ± 1.2 J"));
  EXPECT_THAT(section_of({0}, {1.2}), HasSubstr("0 J ± 1.2 J"));
}

}  // namespace
}  // namespace pw
