// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank_plan.h"

#include <gmock/gmock.h>

#include "job/lines.h"
#include "os/file.h"
#include "os/perf_event.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ResolvedEvent resolved(std::uint32_t type, std::uint64_t config, bool software) {
  ResolvedEvent one;
  one.event.software = software;
  one.attr = PerfEvent::counting(type, config);
  one.attr.exclude_kernel = 1;
  return one;
}

class RankPlans : public testing::Test {
 protected:
  // A machine with a PMU `cxl` of that number.
  Root machine(const std::string& name, const std::string& kernel, long type) const {
    const auto base = folder_.path() / name;
    const auto put = [&](const std::filesystem::path& path, const std::string& text) {
      std::filesystem::create_directories((base / path).parent_path());
      ASSERT_TRUE(write_file(base / path, text));
    };
    put("proc/sys/kernel/osrelease", kernel + "\n");
    put("sys/bus/event_source/devices/cxl/type", std::to_string(type) + "\n");
    return Root(base);
  }
  static CountingPlan plan() {
    CountingPlan plan;
    plan.events = {resolved(PERF_TYPE_HARDWARE, 0, false), resolved(PERF_TYPE_SOFTWARE, 1, true),
                   resolved(14, 0x1e, false), resolved(PERF_TYPE_TRACEPOINT, 300, false)};
    plan.events[0].event.group = 2;
    plan.events.push_back(resolved(40, 1, false));
    plan.events.back().cpus = {0};
    plan.passes.resize(2);
    plan.passes[0].events = {1};
    plan.passes[1].events = {0, 1, 2, 3, 4};
    return plan;
  }
  TempFolder folder_ = TempFolder::make().value();
};

TEST_F(RankPlans, HaveWhatAProcessIsCountedBy) {
  const RankPlan of_rank = rank_plan(plan(), 2);
  EXPECT_THAT(of_rank.events, ElementsAre(0, 1, 2, 3)) << "not what whole CPUs count";
  EXPECT_THAT(of_rank.plan.passes.front().events, ElementsAre(0, 1, 2, 3));
}

TEST_F(RankPlans, AreReadAsTheyWereWritten) {
  const Root here = machine("a", "6.1", 14);
  const std::string text = rank_plan_text(rank_plan(plan(), 2), here);
  const auto read = parse_rank_plan(text, here, "p");
  ASSERT_TRUE(read) << one_line(read.error());
  EXPECT_THAT(read->events, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(read->plan.passes.front().events, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(read->plan.events[0].event.group, 2);
  EXPECT_FALSE(read->plan.events[0].event.software);
  EXPECT_TRUE(read->plan.events[1].event.software);
  EXPECT_EQ(read->plan.events[2].attr.config, 0x1eU);
  EXPECT_EQ(read->plan.events[2].attr.exclude_kernel, 1U);
}

TEST_F(RankPlans, SayWhatOfPowerIsToBeRead) {
  const Root here = machine("a", "6.1", 14);
  RankPlan asks = rank_plan(plan(), 2);
  const auto without = parse_rank_plan(rank_plan_text(asks, here), here, "p");
  ASSERT_TRUE(without);
  EXPECT_FALSE(without->power);
  asks.power = RankPower{"hwmon:/a b,exec:echo 1, 2", 12.5, "n1", "h1"};
  const auto read = parse_rank_plan(rank_plan_text(asks, here), here, "p");
  ASSERT_TRUE(read) << one_line(read.error());
  ASSERT_TRUE(read->power);
  EXPECT_EQ(read->power->sources, "hwmon:/a b,exec:echo 1, 2");
  EXPECT_EQ(read->power->rate_hz, 12.5);
  EXPECT_EQ(read->power->run_node, "n1");
  EXPECT_EQ(read->power->run_host, "h1");
  asks.power = RankPower{"", std::nullopt, "", ""};
  const auto found = parse_rank_plan(rank_plan_text(asks, here), here, "p");
  ASSERT_TRUE(found && found->power);
  EXPECT_EQ(found->power->sources, "");
  EXPECT_FALSE(found->power->rate_hz);
}

TEST_F(RankPlans, KnowThePmusOfTheirNode) {
  const std::string text = rank_plan_text(rank_plan(plan(), 2), machine("a", "6.1", 14));
  const auto other_number = parse_rank_plan(text, machine("b", "6.1", 19), "p");
  ASSERT_TRUE(other_number);
  EXPECT_EQ(other_number->plan.events[2].attr.type, 19U);
  const auto other_kernel = parse_rank_plan(text, machine("c", "6.5", 14), "p");
  ASSERT_TRUE(other_kernel);
  EXPECT_EQ(other_kernel->plan.events[3].event.status, CountStatus::not_counted);
  EXPECT_THAT(other_kernel->plan.events[3].event.reason, HasSubstr("another kernel"));
  EXPECT_THAT(other_kernel->plan.passes.front().events, ElementsAre(0, 1, 2));
  const auto without = parse_rank_plan(text, Root(folder_.path() / "none"), "p");
  ASSERT_TRUE(without);
  EXPECT_EQ(without->plan.events[2].event.status, CountStatus::not_present);
  EXPECT_THAT(without->plan.events[2].event.reason, HasSubstr("no PMU cxl"));
}

TEST_F(RankPlans, OfForeignLinesAreRefused) {
  const auto read = [](std::string_view line) {
    LineWriter writer("perfwatt-rank-plan");
    writer.begin(line);
    return parse_rank_plan(writer.text(), Root("/nowhere"), "p");
  };
  EXPECT_TRUE(read("multiplex 1"));
  for (const char* bad :
       {"multiplex 2", "event", "event 0 0 0 - 00", "event 0 0 0 ../x 00", "event -1 0 0 - 00", "x"})
    EXPECT_FALSE(read(bad)) << bad;
  EXPECT_FALSE(parse_rank_plan("", Root("/nowhere"), "p"));
  EXPECT_FALSE(parse_rank_plan("perfwatt-rank 1\n", Root("/nowhere"), "p"));
}

TEST_F(RankPlans, ThatWouldSampleAreRefused) {
  CountingPlan sampling = plan();
  sampling.events[0].attr.sample_period = 1000;
  const Root here = machine("a", "6.1", 14);
  EXPECT_FALSE(parse_rank_plan(rank_plan_text(rank_plan(sampling, 2), here), here, "p"));
}

}  // namespace
}  // namespace pw
