// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/ranks/node_others.h"

#include <gmock/gmock.h>

#include <cmath>

#include "analyze/ranks/node_energy.h"
#include "analyze/ranks/rank_analysis.h"

namespace pw {
namespace {

using testing::HasSubstr;

// Four ranks of 8 s of CPU time each, two on each node, which their first rank leads and in which processes
// used so much.
Recording job_on(Seconds first, Seconds second, int tests = 1) {
  Recording recording;
  recording.experiment.tests = tests;
  recording.passes.resize(1);
  for (int rank = 0; rank < 4; ++rank)
    recording.rank_places.push_back({rank, 4, rank % 2, 2, rank < 2 ? "n1" : "n2", "Slurm", "0", "0"});
  for (int test = 1; test <= tests; ++test) {
    Execution& one = recording.executions.emplace_back();
    one.test = test;
    one.end = one.begin + Nanoseconds{10'000'000'000};
    one.ranks = std::make_shared<ExecutionRanks>();
    one.ranks->size = 4;
    for (int rank = 0; rank < 4; ++rank) {
      RankRun run{rank, rank, RankState::ended, 1.7e9, Seconds{10}, RankUsage{{6}, {2}}};
      if (rank % 2 == 0) {
        NodePower& power = run.power.emplace_back();
        power.source = "hwmon", power.channel = "power1", power.scope = "whole machine";
        power.energy = Joules{300}, power.uncertainty = Joules{3};
        run.node_use = NodeUse{rank == 0 ? first : second, 4, ""};
      }
      one.ranks->ranks.push_back(std::move(run));
    }
  }
  return recording;
}

RankRun& rank_in(Recording& recording, std::size_t execution, std::size_t rank) {
  return recording.executions[execution].ranks->ranks[rank];
}

RankAnalysis analysis_of(const Recording& recording) {
  RankAnalysis analysis = analyze_ranks(recording);
  add_node_energies(analysis, recording, {});
  return analysis;
}

TEST(NodeOthers, AreWhatTheJobDidNotUse) {
  const RankAnalysis analysis = analysis_of(job_on({16.25}, {24}));
  const RankNode &alone = analysis.nodes[0], &shared = analysis.nodes[1];
  EXPECT_EQ(shared.busy, Seconds{24});
  EXPECT_EQ(shared.others, Seconds{8});
  EXPECT_EQ(shared.shared, 1);
  EXPECT_EQ(shared.others_reason, "");
  EXPECT_EQ(alone.others, Seconds{0.25});
  EXPECT_EQ(alone.shared, 0) << "the machine's own";
  EXPECT_EQ(alone.compared, 1);
  EXPECT_EQ(analysis.energy->shared, 1);
}

TEST(NodeOthers, OfRanksThatRanLongerThanTheirLeaderAreNotBelowZero) {
  const RankAnalysis analysis = analysis_of(job_on({12}, {24}));
  EXPECT_EQ(analysis.nodes[0].others, Seconds{0});
  EXPECT_EQ(analysis.nodes[0].shared, 0);
}

TEST(NodeOthers, AreClearFromATwentiethOn) {
  Recording large = job_on({420}, {422});
  for (const std::size_t rank : {0U, 1U, 2U, 3U}) rank_in(large, 0, rank).usage = RankUsage{{199}, {1}};
  const RankAnalysis analysis = analysis_of(large);
  EXPECT_EQ(analysis.nodes[0].shared, 0) << "20 of 420 s";
  EXPECT_EQ(analysis.nodes[1].shared, 1) << "22 of 422 s";
}

TEST(NodeOthers, AreClearFromWhatTheTicksLeaveOpenOn) {
  Recording small = job_on({1.3}, {20});
  for (const std::size_t rank : {0U, 1U}) rank_in(small, 0, rank).usage = RankUsage{{0.5}, {0}};
  EXPECT_EQ(analysis_of(small).nodes[0].others, Seconds{1.3 - 1});
  EXPECT_EQ(analysis_of(small).nodes[0].shared, 0) << "23 %, and no more than a few ticks";
  rank_in(small, 0, 0).node_use->busy = Seconds{2};
  EXPECT_EQ(analysis_of(small).nodes[0].shared, 1);
  rank_in(small, 0, 0).node_use->cpus = 128;
  EXPECT_EQ(analysis_of(small).nodes[0].shared, 0) << "a tick of each";
}

TEST(NodeOthers, LeaveOpenMoreOfMoreCpusRanksAndTime) {
  const double least = left_open({1}, {}, 1, 1).value;
  EXPECT_GT(least, 0.1);
  EXPECT_DOUBLE_EQ(left_open({1}, {}, 11, 1).value, least + 0.1);
  EXPECT_GT(left_open({1}, {}, 1, 2).value, least);
  EXPECT_DOUBLE_EQ(left_open({1}, {600}, 8, 1).value, left_open({1}, {}, 8, 1).value + 24)
      << "what a system does by itself in ten minutes";
  EXPECT_NEAR(left_open({10000}, {}, 1, 1).value, 30, 1) << "three deviations of a million ticks";
}

TEST(NodeOthers, OfARankThatDidNotEndAreUnknownOnItsNode) {
  Recording recording = job_on({24}, {24});
  RankRun& run = rank_in(recording, 0, 1);
  run.state = RankState::unfinished, run.usage = std::nullopt;
  const RankAnalysis analysis = analysis_of(recording);
  EXPECT_FALSE(analysis.nodes[0].others);
  EXPECT_FALSE(analysis.nodes[0].busy);
  EXPECT_EQ(analysis.nodes[0].shared, 0);
  EXPECT_EQ(analysis.nodes[0].others_reason, "rank 1 is unfinished: what the job itself used is not known");
  EXPECT_EQ(analysis.nodes[1].others, Seconds{8});
}

TEST(NodeOthers, OfARankThatIsMissingAreUnknownWhereItMayHaveRun) {
  Recording recording = job_on({24}, {24}, 2);
  rank_in(recording, 1, 3) = {3};
  const RankAnalysis once = analysis_of(recording);
  EXPECT_EQ(once.nodes[0].compared, 2);
  EXPECT_EQ(once.nodes[1].compared, 1);
  EXPECT_EQ(once.nodes[1].others, Seconds{8}) << "of the test in which it is known";
  EXPECT_THAT(once.nodes[1].others_reason, HasSubstr("rank 3 is missing"));
  rank_in(recording, 0, 3) = {3};
  const RankAnalysis never = analysis_of(recording);
  for (const RankNode& node : never.nodes) {
    EXPECT_EQ(node.compared, 0);
    EXPECT_THAT(node.others_reason, HasSubstr("rank 3 is missing"));
  }
}

TEST(NodeOthers, OfANodeWhoseLeaderCouldNotTellAreUnknown) {
  Recording recording = job_on({24}, {24}, 2);
  rank_in(recording, 0, 0).node_use = NodeUse{std::nullopt, 0, "/proc/stat: no such file"};
  rank_in(recording, 1, 2).node_use = std::nullopt;
  const RankAnalysis analysis = analysis_of(recording);
  EXPECT_EQ(analysis.nodes[0].others_reason, "/proc/stat: no such file");
  EXPECT_EQ(analysis.nodes[0].compared, 1);
  EXPECT_NE(analysis.nodes[1].others_reason, "");
  EXPECT_EQ(analysis.nodes[1].compared, 1);
}

TEST(NodeOthers, OfSomeTestsSayOfHowMany) {
  Recording recording = job_on({16.25}, {24}, 4);
  rank_in(recording, 2, 0).node_use->busy = Seconds{20.25};
  const RankAnalysis analysis = analysis_of(recording);
  EXPECT_EQ(analysis.nodes[0].shared, 1);
  EXPECT_EQ(analysis.nodes[0].compared, 4);
  EXPECT_EQ(analysis.nodes[0].others, Seconds{1.25});
  EXPECT_EQ(analysis.nodes[1].shared, 4);
}

// The ranks of the node of perfwatt run tell it, too, though they read no sensor.
TEST(NodeOthers, AreToldOfTheNodeOfTheRun) {
  Recording recording = job_on({24}, {24});
  rank_in(recording, 0, 0).power = {{}};
  rank_in(recording, 0, 0).power.front().by_run = true;
  RankAnalysis analysis = analyze_ranks(recording);
  RankNode own;
  own.energy = Joules{90};
  add_node_energies(analysis, recording, own);
  EXPECT_EQ(analysis.nodes[0].energy, Joules{90});
  EXPECT_EQ(analysis.nodes[0].others, Seconds{8});
  EXPECT_EQ(analysis.energy->shared, 2);
}

}  // namespace
}  // namespace pw
