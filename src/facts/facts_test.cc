// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <set>

#include "facts/data_files.h"
#include "facts/hardware_events.h"

namespace pw {
namespace {

TEST(HardwareFacts, EveryLineOfEveryCpuIsWhole) {
  for (const std::string_view cpu : known_cpus()) {
    std::set<std::string_view> names;
    const auto facts = hardware_facts(cpu);
    EXPECT_GT(facts.size(), 900U) << cpu;
    for (const HardwareFact& fact : facts) {
      EXPECT_TRUE(names.insert(fact.name).second) << cpu << " twice: " << fact.name;
      EXPECT_TRUE(fact.name.starts_with("PM_")) << cpu << " " << fact.name;
      EXPECT_TRUE(fact.code != 0 || fact.name == "PM_SUSPENDED") << cpu << " " << fact.name;
    }
  }
}

TEST(HardwareFacts, FindsByNameCpuAndCode) {
  EXPECT_EQ(find_hardware("power9", "PM_CMPLU_STALL")->code, 0x1e054U);
  EXPECT_EQ(find_hardware("power8", "PM_CMPLU_STALL")->code, 0x4000aU);
  EXPECT_EQ(hardware_of_code("power10", 0x30008)->name, "PM_EXEC_STALL");
  EXPECT_FALSE(find_hardware("power10", "PM_CMPLU_STALL"));
  EXPECT_FALSE(find_hardware("z80", "PM_CYC"));
}

TEST(PortableFacts, TheStudysEightButForPower10sStalls) {
  EXPECT_EQ(portable_facts("power8").size(), 8U);
  EXPECT_EQ(portable_facts("power9").size(), 8U);
  EXPECT_EQ(portable_facts("power10").size(), 6U);
  EXPECT_EQ(find_portable("power9", "cache-misses")->code, 0x2c04eU);
  EXPECT_FALSE(find_portable("power10", "stalled-cycles-backend"));
}

TEST(DataFiles, AnUnknownOneIsEmpty) { EXPECT_TRUE(data_text("no/such.txt").empty()); }

}  // namespace
}  // namespace pw
