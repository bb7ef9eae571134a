// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/ranks/ranks_page.h"

#include <gmock/gmock.h>

#include <string>

namespace pw {
namespace {

using testing::HasSubstr;

using testing::Not;

// Of a job of two nodes with a rank each, the first of which draws as much net of idle.
RankAnalysis on_two_nodes(Joules net, Joules uncertainty) {
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
  return analysis;
}

std::string section_of(const RankAnalysis& analysis) { return ranks_section(Recording{}, analysis, {}); }

std::string section_of(Joules net, Joules uncertainty) { return section_of(on_two_nodes(net, uncertainty)); }

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

std::string in_one_line(const std::string& text) {
  std::string line;
  for (const char c : text)
    if (const char one = c == '\n' ? ' ' : c; one != ' ' || !line.ends_with(' ')) line += one;
  return line;
}

TEST(RanksSection, SaysWhichNodesOthersUsed) {
  RankAnalysis analysis = on_two_nodes({40}, {3});
  for (RankNode& node : analysis.nodes)
    node.busy = Seconds{35.6}, node.others = Seconds{0.5}, node.compared = 3;
  EXPECT_THAT(section_of(analysis), Not(HasSubstr("shared")));
  analysis.nodes[1].others = Seconds{12.1};
  analysis.nodes[1].shared = 3;
  const std::string said = in_one_line(section_of(analysis));
  EXPECT_THAT(said,
              HasSubstr("shared n2: other processes used at least 34.0 % of the CPU time used meanwhile "
                        "(12.1 s of 35.6 s a test): its energy is theirs, too"));
  EXPECT_THAT(said, Not(HasSubstr("n1: other")));
  analysis.nodes[1].shared = 1;
  EXPECT_THAT(in_one_line(section_of(analysis)),
              HasSubstr("a test, clearly in 1 of 3 executions): its energy"));
}

TEST(RanksSection, SaysWhereItIsNotKnownWhetherOthersUsedANode) {
  RankAnalysis analysis = on_two_nodes({40}, {3});
  for (RankNode& node : analysis.nodes) node.others_reason = "/proc/stat: it does not tell CPU time";
  EXPECT_THAT(in_one_line(section_of(analysis)),
              HasSubstr("shared n1, n2: not known: /proc/stat: it does not tell CPU time"));
}

}  // namespace
}  // namespace pw
