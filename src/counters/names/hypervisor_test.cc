// SPDX-License-Identifier: GPL-3.0-or-later
// A tree as sysfs shows a partition's PMUs: the files of Linux' ABI documents
// sysfs-bus-event_source-devices-hv_gpci and -hv_24x7, numbers of our own.
#include "counters/names/hypervisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "counters/names/event_names.h"
#include "os/file.h"

namespace pw {
namespace {

using testing::ElementsAre;

constexpr const char* kDispatch = "dispatch_timebase_by_processor_processor_time_in_timebase_cycles";
constexpr const char* kConsumed =
    "entitled_capped_uncapped_donated_idle_timebase_by_partition_consumed_capped_cycles";

class HypervisorPmus : public testing::Test {
 protected:
  HypervisorPmus() {
    put(kPmus + "hv_gpci/type", "9\n");
    put(kPmus + "hv_gpci/format/request", "config:0-31\n");
    put(kPmus + "hv_gpci/format/partition_id", "config:32-63\n");
    put(kPmus + "hv_gpci/format/phys_processor_idx", "config:32-63\n");
    put(kPmus + "hv_gpci/format/offset", "config1:32-63\n");
    put(kPmus + "hv_gpci/events/" + kDispatch, "request=0x10,phys_processor_idx=?,offset=0\n");
    put(kPmus + "hv_gpci/events/" + kConsumed, "request=0x20,partition_id=?,offset=0x18\n");
    put(kPmus + "hv_24x7/type", "7\n");
    put(kPmus + "hv_24x7/cpumask", "3\n");
    put(kPmus + "hv_24x7/format/domain", "config:0-3\n");
    put(kPmus + "hv_24x7/format/chip", "config:16-31\n");
    put(kPmus + "hv_24x7/format/offset", "config:32-63\n");
    put(kPmus + "hv_24x7/events/PM_PB_CYC", "domain=1,offset=0x10,chip=?\n");
    put(kPmus + "hv_24x7/events/PM_MCS01_128B_RD", "domain=1,offset=0x18,chip=?\n");
    put("sys/devices/system/cpu/online", "4-7\n");
  }
  void put(const std::string& file, const std::string& text) {
    const auto path = folder_.path() / file;
    ASSERT_TRUE(make_folder(path.parent_path()));
    ASSERT_TRUE(write_file(path, text));
  }
  EventRequest one(const std::string& text) const {
    return parse_events(text, {Root(folder_.path()), "power10", false}).value().front();
  }
  const std::string kPmus = "sys/bus/event_source/devices/";
  TempFolder folder_ = TempFolder::make().value();
};

TEST_F(HypervisorPmus, CountOnOneCpuThoughAnOlderKernelDoesNotSayWhich) {
  EXPECT_THAT(one(std::string("hv_gpci/") + kConsumed + ",partition_id=2/").cpus, ElementsAre(4));
  EXPECT_THAT(one("hv_24x7/PM_PB_CYC,chip=0/").cpus, ElementsAre(3));
}

TEST_F(HypervisorPmus, HaveAnotherCounterBesideThemThatAlwaysRises) {
  const EventRequest gpci = one(std::string("hv_gpci/") + kConsumed + ",partition_id=2/");
  EXPECT_EQ(gpci.pmu, "hv_gpci");
  ASSERT_TRUE(gpci.rising);
  EXPECT_EQ(gpci.rising->config, 0x10U);
  EXPECT_EQ(gpci.rising->config1, 0U);
  const EventRequest of_chip = one("hv_24x7/PM_MCS01_128B_RD,chip=2/");
  ASSERT_TRUE(of_chip.rising);
  EXPECT_EQ(of_chip.rising->config, 0x1000020001U);
}

TEST_F(HypervisorPmus, ThatCounterHasNoneOfItsOwn) {
  EXPECT_FALSE(one(std::string("hv_gpci/") + kDispatch + ",phys_processor_idx=0/").rising);
  EXPECT_FALSE(one("hv_24x7/PM_PB_CYC,chip=1/").rising);
  EXPECT_FALSE(one(std::string("hv_gpci/") + kDispatch + ",phys_processor_idx=3/").rising);
}

TEST_F(HypervisorPmus, OthersAreLeftAlone) {
  put(kPmus + "nest_mcs01_imc/type", "31\n");
  put(kPmus + "nest_mcs01_imc/format/event", "config:0-51\n");
  const EventRequest nest = one("nest_mcs01_imc/event=0x118/");
  EXPECT_EQ(nest.pmu, "");
  EXPECT_TRUE(nest.cpus.empty());
  EXPECT_FALSE(nest.rising);
}

}  // namespace
}  // namespace pw
