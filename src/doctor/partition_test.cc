// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/checks.h"
#include "machine/test_machines.h"

namespace pw {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string not_collected() { return "the HMC does not let this partition collect"; }
std::string counts() { return ""; }

std::vector<CheckResult> checks(const test::Tree& tree, std::string (*refusal)() = not_collected) {
  return check_partition(tree.root(), refusal);
}

TEST(PartitionChecks, NoneOnBareMetalAndElsewhere) {
  EXPECT_THAT(checks(test::power9()), IsEmpty());
  EXPECT_THAT(checks(test::x86_guest()), IsEmpty());
  EXPECT_THAT(check_partition(Root("/nowhere"), counts), IsEmpty());
}

TEST(PartitionChecks, UnderPowervmNameWhoCanSwitchThingsOn) {
  test::Tree tree = test::power10_lpar();
  tree.put("proc/ppc64/lparcfg", "lparcfg 1.9\npartition_id=12\npurr=1\n");
  tree.put("sys/bus/event_source/devices/hv_gpci/type", "10\n");
  const auto found = checks(tree);
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_FALSE(found[0].works);
  EXPECT_EQ(found[0].found, "hv_gpci: the HMC does not let this partition collect");
  EXPECT_THAT(found[0].allow,
              HasSubstr("chsyscfg -r lpar -m SYSTEM -i 'lpar_id=12,allow_perf_collection=1'"));
  EXPECT_THAT(found[0].undo, HasSubstr("allow_perf_collection=0"));
  EXPECT_TRUE(found[1].works);
  EXPECT_THAT(found[1].found, HasSubstr("entitlement and dispatches (lparcfg), cores consumed (PURR)"));
  EXPECT_FALSE(found[2].works);
  EXPECT_THAT(found[2].allow, HasSubstr("hmc://USER@HMC/SYSTEM"));
  EXPECT_THAT(found[2].allow, HasSubstr("EnergyMonitorEnabled"));
  EXPECT_FALSE(found[2].undo.empty());
  const CheckResult counting = checks(tree, counts)[0];
  EXPECT_TRUE(counting.works);
  EXPECT_EQ(counting.allow, "");
}

TEST(PartitionChecks, OfAGuestNameNoConsole) {
  test::Tree tree = test::power10_lpar();
  tree.put("proc/device-tree/model", std::string("IBM pSeries (emulated by qemu)\0", 31));
  tree.remove("proc/ppc64/lparcfg");
  tree.put("sys/devices/system/cpu/cpu0/purr/x", "");  // is there, and cannot be read
  const auto found = checks(tree);
  ASSERT_THAT(found, SizeIs(3));
  for (const CheckResult& one : found) EXPECT_FALSE(one.works);
  EXPECT_THAT(found[0].found, HasSubstr("are PowerVM's"));
  EXPECT_THAT(found[1].found, HasSubstr("no /proc/powerpc/lparcfg (CONFIG_LPARCFG)"));
  EXPECT_THAT(found[1].found, HasSubstr("PURR is root's only"));
  EXPECT_EQ(found[1].allow, "sudo perfwatt run ...");
  EXPECT_THAT(found[2].found, HasSubstr("measure on its host"));
  EXPECT_EQ(found[2].allow, "");
}

TEST(PartitionChecks, SayWhatAKernelLacks) {
  test::Tree tree = test::power10_lpar();
  tree.remove("proc/ppc64/lparcfg");
  const auto found = checks(tree);
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_THAT(found[0].found, HasSubstr("neither hv_gpci nor hv_24x7"));
  EXPECT_THAT(found[1].found, HasSubstr("there is no PURR"));
}

}  // namespace
}  // namespace pw
