// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/ranks/rank_analysis.h"

#include <gmock/gmock.h>

#include <cmath>

#include "analyze/ranks/node_energy.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Told {
  double cpu = 1, instructions = 1e9, cycles = 1e9;
  int involuntary = 10;
  RankState state = RankState::ended;
};

RankRun run_of(int rank, const Told& told) {
  RankRun run;
  run.rank = rank;
  run.state = told.state;
  if (told.state == RankState::missing) return run;
  run.place = rank;
  run.begin_unix_s = 1.7e9;
  run.elapsed = Seconds{2};
  if (told.state == RankState::unfinished) return run;
  run.usage = RankUsage{{told.cpu}, {0}, 1000, 0, told.involuntary, 0, 0, 0, 0};
  const Nanoseconds time{static_cast<std::int64_t>(told.cpu * 1e9)};
  const auto count = [](double value) { return static_cast<std::uint64_t>(value); };
  run.readings = {{0, count(told.instructions), time, time, CountStatus::ok, ""},
                  {1, count(told.cycles), time, time, CountStatus::ok, ""},
                  {2, count(told.cpu * 1e9), time, time, CountStatus::ok, ""}};
  return run;
}

// Of one execution a test. Ranks on two nodes, the first half on n1, each with a CPU of its own.
Recording job_of(const std::vector<std::vector<Told>>& tests) {
  Recording recording;
  recording.experiment.tests = static_cast<int>(tests.size());
  recording.passes.resize(1);
  for (const char* name : {"instructions", "cycles", "task-clock"})
    recording.events.emplace_back().name = name;
  recording.events[2].unit = "ns";
  const int size = static_cast<int>(tests.front().size());
  for (int rank = 0; rank < size; ++rank)
    recording.rank_places.push_back({rank, size, std::nullopt, std::nullopt, rank < size / 2 ? "n1" : "n2",
                                     "Slurm", std::to_string(rank), "0"});
  for (const std::vector<Told>& test : tests) {
    Execution& one = recording.executions.emplace_back();
    one.test = static_cast<int>(recording.executions.size());
    one.end = one.begin + Nanoseconds{2'000'000'000};
    one.ranks = std::make_shared<ExecutionRanks>();
    one.ranks->size = size;
    for (int rank = 0; rank < size; ++rank)
      one.ranks->ranks.push_back(run_of(rank, test[static_cast<std::size_t>(rank)]));
  }
  return recording;
}

std::vector<Told> eight() {
  std::vector<Told> all(8);
  for (int rank = 0; rank < 8; ++rank) {
    Told& one = all[static_cast<std::size_t>(rank)];
    one.cpu = 1 + 0.001 * rank;
    one.instructions = 1e9 * one.cpu;
    one.cycles = 2e9 * one.cpu;
  }
  return all;
}

const RankQuantity& quantity(const RankAnalysis& analysis, std::string_view name) {
  for (const RankQuantity& one : analysis.quantities)
    if (one.name == name) return one;
  ADD_FAILURE() << name;
  return analysis.quantities.front();
}

TEST(RankAnalysis, OfNoJobIsEmpty) { EXPECT_EQ(analyze_ranks(Recording{}).size, 0); }

TEST(RankAnalysis, TellsTheSpreadOfEachQuantity) {
  std::vector<Told> slow = eight();
  slow[5].cpu = 1.5;
  const RankAnalysis analysis = analyze_ranks(job_of({slow, slow}));
  EXPECT_EQ(analysis.size, 8);
  const RankQuantity& cpu = quantity(analysis, "cpu time");
  ASSERT_TRUE(cpu.spread);
  EXPECT_EQ(cpu.spread->most.rank, 5);
  EXPECT_DOUBLE_EQ(cpu.spread->most.value, 1.5);
  EXPECT_EQ(cpu.spread->least.rank, 0);
  EXPECT_NEAR(cpu.spread->median, 1.0035, 1e-9);
  EXPECT_NEAR(*cpu.spread->imbalance, 1.5 / ((7 + 0.023 + 1.5) / 8), 1e-9);
  EXPECT_THAT(cpu.odd, ElementsAre(5));
  const RankQuantity& clock = quantity(analysis, "task-clock");
  EXPECT_EQ(clock.unit, "s");
  EXPECT_DOUBLE_EQ(clock.spread->most.value, 1.5);
  EXPECT_THAT(quantity(analysis, "wall time").odd, IsEmpty());
  ASSERT_EQ(analysis.nodes.size(), 2U);
  EXPECT_THAT(analysis.nodes[1].ranks, ElementsAre(4, 5, 6, 7));
}

TEST(RankAnalysis, BeginsWithTheRankFurthestApart) {
  std::vector<Told> told = eight();
  told[2].cpu = 1.4;
  told[6].cpu = 1.9;
  told[4].cpu = 0.25;
  const RankAnalysis analysis = analyze_ranks(job_of({told, told}));
  EXPECT_THAT(quantity(analysis, "cpu time").odd, ElementsAre(2, 4, 6));
  std::vector<int> order;
  for (const OddRank& one : analysis.odd) order.push_back(one.rank);
  EXPECT_THAT(order, ElementsAre(4, 6, 2));
  EXPECT_NEAR(analysis.odd.front().apart, 1.006 / 0.25, 0.02);
}

std::string evidence_of(const std::vector<Told>& told) {
  const RankAnalysis analysis = analyze_ranks(job_of({told}));
  if (analysis.odd.size() != 1 || analysis.odd.front().rank != 5) return "not rank 5 alone";
  std::string all = analysis.odd.front().how + ":";
  for (const std::string& one : analysis.odd.front().evidence) all += " " + one + ".";
  return all;
}

TEST(RankAnalysis, TellsMoreWorkFromASlowerClock) {
  std::vector<Told> more = eight();
  more[5] = {1.5, 1.5e9, 3e9, 10, RankState::ended};
  EXPECT_THAT(evidence_of(more), HasSubstr("cpu time 1.49 x"));
  EXPECT_THAT(evidence_of(more), HasSubstr("1.49 x the instructions"));
  EXPECT_THAT(evidence_of(more), testing::Not(HasSubstr("GHz")));
  std::vector<Told> slower = eight();
  slower[5] = {1.5, 1.005e9, 2.01e9, 10, RankState::ended};
  EXPECT_THAT(evidence_of(slower), HasSubstr("as many instructions as the others"));
  EXPECT_THAT(evidence_of(slower), HasSubstr("its clock is 1.34 GHz, that of the median rank 2.00 GHz"));
  std::vector<Told> stalls = eight();
  stalls[5] = {1.5, 1.005e9, 3e9, 10, RankState::ended};
  EXPECT_THAT(evidence_of(stalls), HasSubstr("0.34 instructions a cycle, the median rank 0.50"));
  std::vector<Told> put_off = eight();
  put_off[5].cpu = 1.5;
  put_off[5].involuntary = 900;
  EXPECT_THAT(evidence_of(put_off),
              HasSubstr("put off its CPU 900 times an execution, the median rank 10 times"));
}

TEST(RankAnalysis, TellsCpusThatAreShared) {
  std::vector<Told> told = eight();
  told[5].cpu = 1.5;
  Recording recording = job_of({told});
  recording.rank_places[5].cpus = recording.rank_places[6].cpus = "5";
  const RankAnalysis analysis = analyze_ranks(recording);
  ASSERT_EQ(analysis.odd.size(), 1U);
  EXPECT_THAT(analysis.odd.front().evidence,
              testing::Contains("2 ranks of n2 may run on its CPUs alone (5)"));
}

TEST(RankAnalysis, CountsWhoIsMissingAndNeverAsZero) {
  std::vector<Told> second = eight();
  second[3].state = RankState::missing;
  second[4].state = RankState::unfinished;
  const RankAnalysis analysis = analyze_ranks(job_of({eight(), second}));
  EXPECT_EQ(analysis.rows[3].missing, 1);
  EXPECT_EQ(analysis.rows[3].ended, 1);
  EXPECT_EQ(analysis.rows[4].unfinished, 1);
  EXPECT_NEAR(*quantity(analysis, "cpu time").values[3], 1.003, 1e-9) << "of the test that it is in";
  const RankAnalysis never = analyze_ranks(job_of({second}));
  EXPECT_FALSE(quantity(never, "cpu time").values[3]);
  EXPECT_EQ(quantity(never, "cpu time").spread->least.rank, 0);
  EXPECT_EQ(never.rows[3].place, -1);
}

TEST(RankAnalysis, OfWarmUpsAndFailuresHasNoValues) {
  Recording recording = job_of({eight(), eight()});
  recording.executions[0].test = 0;
  recording.executions[1].exit_status = 1;
  const RankAnalysis analysis = analyze_ranks(recording);
  EXPECT_EQ(analysis.size, 8);
  EXPECT_FALSE(quantity(analysis, "cpu time").spread);
}

NodePower power_of(const std::string& scope, std::optional<Joules> energy, const std::string& reason = "") {
  NodePower power;
  power.source = "hwmon", power.channel = "power1", power.scope = scope;
  power.energy = energy, power.reason = reason;
  if (energy) power.uncertainty = Joules{3}, power.mean = Watts{energy->value / 2};
  return power;
}

// Two tests; the leaders of n1 and n2 are ranks 0 and 4.
Recording job_with_power(const std::vector<NodePower>& first, const std::vector<NodePower>& second) {
  Recording recording = job_of({eight(), eight()});
  for (Execution& one : recording.executions) {
    one.ranks->ranks[0].power = first;
    one.ranks->ranks[4].power = second;
  }
  return recording;
}

TEST(NodeEnergies, AreSummedOnceEach) {
  Recording recording =
      job_with_power({power_of("socket 0", Joules{40}), power_of("whole machine", Joules{100})},
                     {power_of("whole machine", Joules{300})});
  recording.executions[1].ranks->ranks[4].power[0].energy = Joules{320};
  RankAnalysis analysis = analyze_ranks(recording);
  add_node_energies(analysis, recording, {});
  ASSERT_EQ(analysis.nodes.size(), 2U);
  EXPECT_EQ(analysis.nodes[0].energy, Joules{100}) << "of the whole machine, not of a socket";
  EXPECT_EQ(analysis.nodes[0].sensor, "hwmon/power1, whole machine");
  EXPECT_EQ(analysis.nodes[1].energy, Joules{310});
  ASSERT_TRUE(analysis.energy);
  EXPECT_EQ(analysis.energy->energy, Joules{410});
  EXPECT_DOUBLE_EQ(analysis.energy->uncertainty->value, std::sqrt(18.0));
  EXPECT_EQ(analysis.energy->known, 2);
  EXPECT_FALSE(analysis.energy->lower_bound);
}

TEST(NodeEnergies, OfOneWithoutASensorAreUnknownAndNotZero) {
  NodePower none;
  none.reason = "no power source";
  const Recording recording = job_with_power({power_of("whole machine", Joules{100})}, {none});
  RankAnalysis analysis = analyze_ranks(recording);
  add_node_energies(analysis, recording, {});
  EXPECT_FALSE(analysis.nodes[1].energy);
  EXPECT_EQ(analysis.nodes[1].reason, "no power source");
  EXPECT_EQ(analysis.energy->energy, Joules{100});
  EXPECT_EQ(analysis.energy->known, 1);
}

TEST(NodeEnergies, OfThatOfTheRunAreWhatItReadItself) {
  NodePower by_run;
  by_run.by_run = true;
  const Recording recording = job_with_power({by_run}, {power_of("whole machine", Joules{300})});
  RankNode own;
  own.sensor = "dcmi/system, whole machine";
  own.energy = Joules{90}, own.uncertainty = Joules{4};
  RankAnalysis analysis = analyze_ranks(recording);
  add_node_energies(analysis, recording, own);
  EXPECT_EQ(analysis.nodes[0].sensor, own.sensor);
  EXPECT_EQ(analysis.energy->energy, Joules{390});
  EXPECT_DOUBLE_EQ(analysis.energy->uncertainty->value, 5);
}

TEST(NodeEnergies, OfSomeTestsAreNone) {
  Recording recording =
      job_with_power({power_of("whole machine", Joules{100})}, {power_of("whole machine", Joules{300})});
  recording.executions[1].ranks->ranks[4].power = {power_of("whole machine", std::nullopt, "it stopped")};
  RankAnalysis analysis = analyze_ranks(recording);
  add_node_energies(analysis, recording, {});
  EXPECT_FALSE(analysis.nodes[1].energy);
  EXPECT_EQ(analysis.nodes[1].reason, "it stopped");
  EXPECT_EQ(analysis.energy->energy, Joules{100});
  EXPECT_TRUE(analysis.energy->lower_bound);
}

TEST(NodeEnergies, AreOfOneChannelInAllExecutions) {
  Recording recording =
      job_with_power({power_of("whole machine", Joules{100})}, {power_of("whole machine", Joules{300})});
  recording.executions[0].ranks->ranks[4].power = {power_of("socket 0", Joules{90})};
  RankAnalysis analysis = analyze_ranks(recording);
  add_node_energies(analysis, recording, {});
  EXPECT_EQ(analysis.nodes[1].sensor, "hwmon/power1, whole machine");
  EXPECT_FALSE(analysis.nodes[1].energy);
}

TEST(NodeEnergies, OfAPartOfANodeAreALowerBound) {
  const Recording recording =
      job_with_power({power_of("whole machine", Joules{100})}, {power_of("socket 0", Joules{90})});
  RankAnalysis analysis = analyze_ranks(recording);
  add_node_energies(analysis, recording, {});
  EXPECT_EQ(analysis.energy->energy, Joules{190});
  EXPECT_TRUE(analysis.energy->lower_bound);
}

// Of the leader of a node, a window of 10 s around `middle` s.
NodeIdle idle_of(bool before, int place, double middle, Watts level, Watts uncertainty) {
  NodeIdle idle{before, place, middle - 5, Seconds{10}, power_of("whole machine", level * Seconds{10})};
  idle.power.mean = level;
  idle.power.uncertainty = uncertainty * Seconds{10};
  return idle;
}

// Two nodes of which the second drew more idle after the tests; each execution of 2 s.
Recording job_with_idle() {
  Recording recording =
      job_with_power({power_of("whole machine", Joules{100})}, {power_of("whole machine", Joules{300})});
  recording.experiment.idle = {10};
  for (Execution& one : recording.executions)
    for (RankRun& run : one.ranks->ranks) run.begin_unix_s = 1019, run.elapsed = Seconds{2};
  recording.node_idles = {idle_of(true, 0, 1000, {20}, {0.5}), idle_of(true, 4, 1000, {50}, {1}),
                          idle_of(false, 0, 1040, {20}, {0.25}), idle_of(false, 4, 1040, {60}, {2})};
  return recording;
}

TEST(NodeEnergies, AreNetOfTheIdlePowerOfEachNode) {
  const Recording recording = job_with_idle();
  RankAnalysis analysis = analyze_ranks(recording);
  add_node_energies(analysis, recording, {});
  const RankNode &first = analysis.nodes[0], &second = analysis.nodes[1];
  EXPECT_EQ(first.idle, Watts{20});
  EXPECT_DOUBLE_EQ(first.net->value, 100 - 2 * 20);
  EXPECT_DOUBLE_EQ(first.net_uncertainty->value, 3 + 2 * 0.5);
  EXPECT_EQ(second.idle, Watts{55}) << "in the middle between the windows";
  EXPECT_DOUBLE_EQ(second.net->value, 300 - 2 * 55);
  EXPECT_DOUBLE_EQ(second.net_uncertainty->value, 3 + 2 * std::hypot(2, 0.95 * 10 / 2));
  EXPECT_DOUBLE_EQ(analysis.energy->net->value, 60 + 190);
  EXPECT_DOUBLE_EQ(analysis.energy->net_uncertainty->value,
                   std::hypot(first.net_uncertainty->value, second.net_uncertainty->value));
  EXPECT_EQ(analysis.energy->net_known, 2);
  EXPECT_FALSE(analysis.energy->net_lower_bound);
}

TEST(NodeEnergies, AreNetOfTheMiddleOfBothWhereNoClockTells) {
  Recording recording = job_with_idle();
  for (Execution& one : recording.executions)
    for (RankRun& run : one.ranks->ranks) run.begin_unix_s = std::nullopt;
  RankAnalysis analysis = analyze_ranks(recording);
  add_node_energies(analysis, recording, {});
  EXPECT_EQ(analysis.nodes[1].idle, Watts{55});
}

TEST(NodeEnergies, AreGrossWhereTheIdlePowerIsUnknown) {
  Recording recording = job_with_idle();
  for (const std::size_t second : {1U, 3U})
    recording.node_idles[second].power = power_of("whole machine", std::nullopt, "too few readings");
  RankAnalysis analysis = analyze_ranks(recording);
  add_node_energies(analysis, recording, {});
  EXPECT_EQ(analysis.nodes[1].energy, Joules{300});
  EXPECT_FALSE(analysis.nodes[1].net);
  EXPECT_EQ(analysis.nodes[1].gross_reason, "too few readings");
  EXPECT_DOUBLE_EQ(analysis.energy->net->value, 60);
  EXPECT_EQ(analysis.energy->net_known, 1);
  EXPECT_FALSE(analysis.energy->lower_bound);
  EXPECT_TRUE(analysis.energy->net_lower_bound);
}

TEST(NodeEnergies, SayWhyTheyAreGross) {
  const auto reason_of = [](const Recording& recording) {
    RankAnalysis analysis = analyze_ranks(recording);
    add_node_energies(analysis, recording, {});
    EXPECT_FALSE(analysis.energy->net);
    return analysis.nodes[0].gross_reason;
  };
  Recording recording = job_with_idle();
  for (NodeIdle& idle : recording.node_idles) idle.power.channel = "power2";
  EXPECT_EQ(reason_of(recording), "this sensor was not read in an idle window");
  recording.node_idles.clear();
  EXPECT_EQ(reason_of(recording), "its idle power was not watched");
  recording.experiment.idle = {};
  EXPECT_EQ(reason_of(recording), "there was no idle window (--idle 0)");
}

TEST(NodeEnergies, AreNoneWhereNobodyAsked) {
  const Recording recording = job_of({eight()});
  RankAnalysis analysis = analyze_ranks(recording);
  add_node_energies(analysis, recording, {});
  EXPECT_FALSE(analysis.energy);
}

}  // namespace
}  // namespace pw
