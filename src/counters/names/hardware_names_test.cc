// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/names/hardware_names.h"

#include <gtest/gtest.h>

#include "counters/names/event_names.h"
#include "os/file.h"

namespace pw {
namespace {

TEST(HardwareNames, ReadsTheDriversNames) {
  const auto folder = TempFolder::make().value();
  const auto events = folder.path() / "sys/bus/event_source/devices/cpu/events";
  ASSERT_TRUE(make_folder(events));
  for (const auto& [name, text] : std::initializer_list<std::pair<const char*, const char*>>{
           {"stalled-cycles-backend", "event=0x1e054\n"},
           {"PM_CMPLU_STALL", "event=0x1e054\n"},
           {"PM_CYC", "event=0x0001e\n"},
           {"cpu-cycles", "event=0x0001e\n"},
           {"cache-misses", "event=0x64,umask=0x09\n"}})
    ASSERT_TRUE(write_file(events / name, text));
  const EventNames names{Root(folder.path()), "power9", false};
  const auto text = [&](const char* name, const char* cpu = "power9") {
    return hardware_event(names.root, cpu, parse_events(name, names)->front()).text;
  };
  EXPECT_EQ(text("stalled-cycles-backend"), "PM_CMPLU_STALL 0x1e054");
  EXPECT_EQ(text("stalled-cycles-backend", ""), "PM_CMPLU_STALL 0x1e054");
  EXPECT_EQ(text("cycles", ""), "PM_CYC 0x1e");
  EXPECT_EQ(text("cache-misses"), "event=0x64,umask=0x09");
  EXPECT_EQ(text("r1e054"), "PM_CMPLU_STALL 0x1e054");
  EXPECT_EQ(text("branches"), "PM_BR_CMPL 0x4d05e");
  EXPECT_EQ(text("branches", ""), "");
  EXPECT_EQ(power_pmc(0x1e054), 1);
  EXPECT_EQ(power_pmc(0x1e), std::nullopt);
}

}  // namespace
}  // namespace pw
