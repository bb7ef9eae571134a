// SPDX-License-Identifier: GPL-3.0-or-later
// Top-down and hv_24x7 on trees as sysfs shows them, with a kernel that lets only slots lead.
#include "counters/names/companions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "counters/names/event_names.h"
#include "counters/plan/plan.h"
#include "os/file.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t kSlots = 0x400, kRetiring = 0x8000, kHeavy = 0x8400;

// Sapphire Rapids' codes, as its /sys/bus/event_source/devices/cpu/events has them.
class Tree : public testing::Test {
 protected:
  Tree() {
    put("cpu/type", "4\n");
    put("cpu/format/event", "config:0-7\n");
    put("cpu/format/umask", "config:8-15\n");
    put("cpu/events/slots", "event=0x00,umask=0x4\n");
    put("cpu/events/topdown-retiring", "event=0x00,umask=0x80\n");
    put("cpu/events/topdown-heavy-ops", "event=0x00,umask=0x84\n");
    put("hv_24x7/type", "7\n");
    put("hv_24x7/format/domain", "config:0-3\n");
    put("hv_24x7/format/chip", "config:16-31\n");
    put("hv_24x7/events/PM_PB_CYC", "domain=1,chip=?\n");
    put("hv_24x7/interface/sockets", "2\n");
    put("hv_24x7/cpumask", "0\n");
  }
  void put(const std::string& file, const std::string& text) {
    const auto path = folder_.path() / "sys/bus/event_source/devices" / file;
    ASSERT_TRUE(make_folder(path.parent_path()));
    ASSERT_TRUE(write_file(path, text));
  }
  std::vector<EventRequest> parse(const std::string& list) const {
    return parse_events(list, {Root(folder_.path()), "x86", false}).value();
  }
  std::vector<std::string> texts(const std::string& list) const {
    std::vector<std::string> texts;
    for (const EventRequest& event : parse(list))
      texts.push_back(event.name + (event.modifier.empty() ? "" : ":" + event.modifier) + "|" +
                      std::to_string(event.group) + (event.leads ? " leads" : ""));
    return texts;
  }
  TempFolder folder_ = TempFolder::make().value();
};

bool is_topdown(const perf_event_attr& attr) { return attr.config == kRetiring || attr.config == kHeavy; }

class IntelKernel : public Opener {
 public:
  int try_open(const perf_event_attr& attr) override { return is_topdown(attr) ? EINVAL : 0; }
  bool fits(std::span<const perf_event_attr> group) override {
    return group.front().config == kSlots || std::ranges::none_of(group, is_topdown);
  }
};

TEST_F(Tree, SlotsJoinsAndLeadsTopDownEvents) {
  EXPECT_THAT(
      texts("cycles,topdown-retiring,cpu/topdown-heavy-ops/"),
      ElementsAre("cycles|0", "cpu/slots/|1 leads", "topdown-retiring|1", "cpu/topdown-heavy-ops/|1"));
  EXPECT_THAT(texts("cpu/topdown-retiring/,instructions,cpu/slots/"),
              ElementsAre("cpu/topdown-retiring/|1", "instructions|0", "cpu/slots/|1 leads"));
  EXPECT_THAT(texts("{cycles,instructions},{topdown-retiring}:u"),
              ElementsAre("cycles|1", "instructions|1", "cpu/slots/:u|2 leads", "topdown-retiring:u|2"));
  EXPECT_THAT(texts("topdown-retiring:u,topdown-retiring"),
              ElementsAre("cpu/slots/:u|1 leads", "topdown-retiring:u|1", "cpu/slots/|2 leads",
                          "topdown-retiring|2"));
  EXPECT_THAT(texts("cycles,slots"), ElementsAre("cycles|0", "slots|0"));
}

TEST_F(Tree, TopDownIsPlannedWithSlotsInFront) {
  IntelKernel kernel;
  const CountingPlan plan =
      plan_passes(resolve_events(parse("cycles,instructions,topdown-retiring,topdown-heavy-ops"), kernel,
                                 Root(folder_.path()), {2, true, false, "x86"}),
                  false, kernel);
  ASSERT_EQ(plan.passes.size(), 1U);
  std::vector<std::string> order;
  for (const int event : plan.passes[0].events) {
    const Event& one = plan.events[static_cast<std::size_t>(event)].event;
    EXPECT_EQ(one.status, CountStatus::ok) << one.name << one.reason;
    order.push_back(one.name);
  }
  EXPECT_THAT(order,
              ElementsAre("cpu/slots/", "cycles", "instructions", "topdown-retiring", "topdown-heavy-ops"));
}

TEST_F(Tree, WithoutSlotsTopDownIsRefusedAsTheKernelDoes) {
  ASSERT_TRUE(std::filesystem::remove(folder_.path() / "sys/bus/event_source/devices/cpu/events/slots"));
  IntelKernel kernel;
  const auto events =
      resolve_events(parse("topdown-retiring"), kernel, Root(folder_.path()), {2, true, false, "x86"});
  EXPECT_EQ(events.at(0).event.status, CountStatus::not_supported);
  EXPECT_THAT(events.at(0).event.reason, HasSubstr("Invalid argument"));
}

TEST_F(Tree, AnEventOfEachChip) {
  EXPECT_THAT(texts("hv_24x7/PM_PB_CYC,chip=?/,cycles"),
              ElementsAre("hv_24x7/PM_PB_CYC,chip=0/|0", "hv_24x7/PM_PB_CYC,chip=1/|0", "cycles|0"));
  EXPECT_EQ(parse("hv_24x7/PM_PB_CYC,chip=?/").at(1).config, 0x10001U);
}

}  // namespace
}  // namespace pw
