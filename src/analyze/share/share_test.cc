// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/share/share.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "analyze/share/test_server.h"
#include "analyze/statistics/robust.h"

namespace pw {
namespace {

using test::Random;
using testing::HasSubstr;

std::optional<double> untold(const Execution&) { return std::nullopt; }

PartitionShare share_of(const Recording& recording, const ExecutionValue& core_seconds = untold) {
  const auto shares = partition_shares(recording, core_seconds);
  return shares.size() == 1 ? shares.front() : PartitionShare{};
}

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

// Of many servers.
struct Held {
  int rows = 0, net = 0, gross = 0;              // executions, and those whose interval holds the truth
  int runs = 0, mean_net = 0, mean_gross = 0;    // means of runs likewise
  int unknown = 0;                               // runs without a marginal share
  std::vector<double> net_errors, gross_errors;  // of runs, relative
};

bool holds(const std::optional<Joules>& value, const std::optional<Joules>& error, double truth) {
  return value && error && std::abs(value->value - truth) <= error->value;
}

bool holds(const Measurand& one, double truth) {
  return std::abs(one.value->mean - truth) <= one.value->half_width.value_or(0);
}

void add(Held& held, const test::ServerTruth& truth, const PartitionShare& share) {
  if (!share.price || !share.values.net.value) {
    ++held.unknown;
    EXPECT_THAT(share.reason, HasSubstr("a processor unit costs"));
    return;
  }
  for (std::size_t i = 0; i < share.energy.size(); ++i) {
    const EnergyRow& row = share.energy[i];
    EXPECT_EQ(row.status, EnergyStatus::modelled) << row.reason;
    ++held.rows;
    held.net += holds(row.net, row.net_uncertainty, truth.net[i]);
    held.gross += holds(row.gross, row.uncertainty, truth.gross[i]);
  }
  const double tests = static_cast<double>(truth.net.size());
  const double net = sum(truth.net) / tests, gross = sum(truth.gross) / tests;
  ++held.runs;
  held.mean_net += holds(share.values.net, net);
  held.mean_gross += holds(share.values.gross, gross);
  held.net_errors.push_back(std::abs(share.values.net.value->mean - net) / net);
  held.gross_errors.push_back(std::abs(share.values.gross.value->mean - gross) / gross);
}

template <class Change>
Held tried(int servers, bool told, Change&& change) {
  Random random(11);
  Held held;
  for (int i = 0; i < servers; ++i) {
    test::ServerPlan plan = test::random_plan(random);
    change(random, plan);
    const test::ServerTruth truth = test::server_truth(random, plan);
    const auto units = [&](const Execution& one) -> std::optional<double> {
      if (!told) return std::nullopt;
      return truth.units[static_cast<std::size_t>(one.test) - 1];
    };
    add(held, truth, share_of(truth.recording, units));
  }
  return held;
}

void expect_honest(const Held& held) {
  EXPECT_GE(held.net, held.rows * 9 / 10) << "of " << held.rows;
  EXPECT_GE(held.gross, held.rows * 9 / 10) << "of " << held.rows;
  EXPECT_GE(held.mean_net, held.runs * 9 / 10) << "of " << held.runs;
  EXPECT_GE(held.mean_gross, held.runs * 9 / 10) << "of " << held.runs;
  testing::Test::RecordProperty("median_net_error", std::to_string(median(held.net_errors)));
  testing::Test::RecordProperty("rows_held", std::to_string(static_cast<double>(held.net) / held.rows));
}

// Issue 18: a median error of 5 % at most over ten minutes, and intervals that hold the truth in 90 %.
TEST(PartitionShare, OfTenMinutesIsRightAmongNeighboursOfAllKinds) {
  for (const bool told : {false, true}) {
    const Held held = tried(200, told, [](Random&, test::ServerPlan&) {});
    expect_honest(held);
    EXPECT_LE(median(held.net_errors), 0.05);
    EXPECT_LE(median(held.gross_errors), 0.05);
    EXPECT_GE(held.runs, 180);
  }
}

TEST(PartitionShare, IsHonestWhereNeighboursHideIt) {
  const Held held = tried(200, false, [](Random& random, test::ServerPlan& plan) {
    plan.ours = test::uniform(random, 0.2, 1);
    plan.neighbours = 6;
    plan.neighbour_units = 8;
    plan.unlike = 0.4;
  });
  expect_honest(held);
  EXPECT_GE(held.unknown, 50);  // and says so
}

TEST(PartitionShare, TwoWaysOfOneServerWithoutNoise) {
  Random random(3);
  test::ServerPlan plan{.tests = 1, .rest = 0, .neighbours = 0};
  const test::ServerTruth truth = test::server_truth(random, plan);
  const PartitionShare share = share_of(truth.recording);
  ASSERT_TRUE(share.price);
  EXPECT_NEAR(share.price->ours, 20.4, 0.5);  // with what Virtual I/O Servers do for it
  ASSERT_EQ(share.energy.size(), 1u);
  const EnergyRow& row = share.energy.front();
  EXPECT_EQ(row.channel, "partition");
  EXPECT_NEAR(row.gross->value, 600 * (800 + 20.4 * truth.units[0] / 600), 600 * 10);  // alone: all of it
  EXPECT_NEAR(row.net->value, 20.4 * truth.units[0], 600 * 5);
  EXPECT_EQ(to_text(row.status), "modelled");
  EXPECT_EQ(share.values.net.status, "modelled");
}

TEST(PartitionShare, NeedsBinsWithAndWithoutTheCommand) {
  Random random(4);
  test::ServerPlan plan{.history = 60, .run = 120, .after = 60};
  const test::ServerTruth few = test::server_truth(random, plan);
  const PartitionShare share = share_of(few.recording);
  EXPECT_FALSE(share.price);
  EXPECT_THAT(share.reason, HasSubstr("eleven or more"));
  EXPECT_TRUE(share.energy.empty());
}

TEST(PartitionShare, WhereTheConsoleWasSilentIsNoData) {
  Random random(5);
  test::ServerTruth truth = test::server_truth(random, {.tests = 2});
  std::erase_if(truth.recording.server_bins, [](const ServerBin& bin) {
    return bin.begin > test::at_second(400) && bin.end < test::at_second(500);
  });
  const PartitionShare share = share_of(truth.recording);
  EXPECT_EQ(share.energy[0].status, EnergyStatus::modelled);
  EXPECT_EQ(share.energy[1].status, EnergyStatus::no_data);
  EXPECT_THAT(share.energy[1].reason, HasSubstr("the console told of"));
}

TEST(PartitionShare, VirtualIoServersAreNoNeighbours) {
  Random random(8);
  test::ServerTruth truth = test::server_truth(random, {.tests = 1, .neighbours = 0});
  const PartitionShare alone = share_of(truth.recording);
  for (ServerBin& bin : truth.recording.server_bins) {
    bin.virtual_io = 1;
    *bin.partitions += 1;
  }
  const PartitionShare served = share_of(truth.recording);
  EXPECT_NEAR(served.energy[0].gross->value, alone.energy[0].gross->value, 1e-6);
  EXPECT_NEAR(served.price->ours, alone.price->ours, 1e-6);
}

TEST(PartitionShare, OfNoPartitionIsNone) {
  Random random(6);
  test::ServerTruth truth = test::server_truth(random, {});
  for (ServerBin& bin : truth.recording.server_bins) bin.ours.reset();
  EXPECT_TRUE(partition_shares(truth.recording, untold).empty());
}

}  // namespace
}  // namespace pw
