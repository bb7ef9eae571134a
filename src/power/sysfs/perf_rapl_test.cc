// SPDX-License-Identifier: GPL-3.0-or-later
// On trees as the kernel shows them, with counters of the test's own: no machine of ours has that PMU.
#include "power/sysfs/perf_rapl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cmath>
#include <fstream>
#include <map>

#include "os/file.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kScale = 2.3283064365386962890625e-10;  // 2^-32 J, as the kernel says

class PerfRapl : public testing::Test {
 protected:
  void put(const std::string& file, const std::string& text) {
    const auto path = folder_.path() / file;
    ASSERT_TRUE(make_folder(path.parent_path()));
    std::ofstream(path) << text << "\n";
  }
  void event(const std::string& name, const std::string& code) {
    const std::string file = "sys/bus/event_source/devices/power/events/" + name;
    put(file, "event=" + code);
    put(file + ".scale", "2.3283064365386962890625e-10");
    put(file + ".unit", "Joules");
  }
  // One CPU of each of two packages.
  void machine() {
    put("sys/bus/event_source/devices/power/type", "23");
    put("sys/bus/event_source/devices/power/cpumask", "0,18");
    put("sys/bus/event_source/devices/power/format/event", "config:0-7");
    event("energy-pkg", "0x02");
    event("energy-ram", "0x03");
    put("sys/devices/system/cpu/cpu0/topology/physical_package_id", "0");
    put("sys/devices/system/cpu/cpu18/topology/physical_package_id", "1");
  }
  CounterOpen opener() {
    return [this](const perf_event_attr& attr, int cpu) -> tl::expected<CounterRead, int> {
      EXPECT_EQ(attr.type, 23U);
      if (open_error_ != 0) return tl::unexpected(open_error_);
      return [this, key = std::pair(cpu, attr.config)]() -> tl::expected<std::uint64_t, int> {
        if (read_error_ != 0) return tl::unexpected(read_error_);
        return static_cast<std::uint64_t>(joules_[key] / kScale);
      };
    };
  }
  Result<std::unique_ptr<PowerReader>> open() { return open_perf_rapl(Root(folder_.path()), 10, opener()); }

  TempFolder folder_ = TempFolder::make().value();
  std::map<std::pair<int, std::uint64_t>, double> joules_;
  int open_error_ = 0, read_error_ = 0;
};

std::vector<std::string> texts(const PowerReader& reader) {
  std::vector<std::string> found;
  for (const Channel& channel : reader.channels()) found.push_back(channel.name + "|" + channel.scope);
  return found;
}

TEST_F(PerfRapl, EachPackageHasItsCounters) {
  machine();
  event("energy-psys", "0x05");
  const auto reader = open();
  ASSERT_TRUE(reader) << one_line(reader.error());
  EXPECT_THAT(texts(**reader),
              ElementsAre("socket 0 package|socket 0", "socket 0 dram|socket 0 memory", "psys|whole machine",
                          "socket 1 package|socket 1", "socket 1 dram|socket 1 memory"));
}

TEST_F(PerfRapl, TwoDiesOfASocketAreToldApart) {
  machine();
  put("sys/devices/system/cpu/cpu18/topology/physical_package_id", "0");
  put("sys/devices/system/cpu/cpu0/topology/die_id", "0");
  put("sys/devices/system/cpu/cpu18/topology/die_id", "1");
  EXPECT_THAT(
      texts(**open()),
      ElementsAre("socket 0 die 0 package|socket 0 die 0", "socket 0 die 0 dram|socket 0 die 0 memory",
                  "socket 0 die 1 package|socket 0 die 1", "socket 0 die 1 dram|socket 0 die 1 memory"));
}

TEST_F(PerfRapl, EnergyIsTheCountTimesItsScale) {
  machine();
  joules_[{18, 2}] = 1e6;
  const auto reader = open();
  EXPECT_EQ((*reader)->read()[2].joules, Joules{0});
  double truth = 0;
  for (int i = 0; i < 1000; ++i) {
    truth += 150 + 100 * std::sin(i / 50.0);
    joules_[{18, 2}] = 1e6 + truth;
    const PowerSample sample = (*reader)->read()[2];
    ASSERT_EQ(sample.status, SampleStatus::ok);
    EXPECT_NEAR(sample.joules->value, truth, 1e-6 * truth);
  }
  joules_[{18, 2}] = 5;
  EXPECT_EQ((*reader)->read()[2].status, SampleStatus::reset);
  EXPECT_NEAR((*reader)->read()[2].joules->value, truth, 1e-6 * truth);
  EXPECT_THAT((*reader)->take_warnings(), ElementsAre(HasSubstr("socket 1 package: its counter went back")));
}

// The kernel adds a whole range where the hardware's counter was set back.
TEST_F(PerfRapl, AJumpIsNoEnergy) {
  machine();
  put("sys/class/powercap/intel-rapl:0/name", "package-0");
  put("sys/class/powercap/intel-rapl:0/energy_uj", "5");
  put("sys/class/powercap/intel-rapl:0/constraint_0_max_power_uw", "100000000");
  const auto reader = open();
  (*reader)->read();
  joules_[{0, 2}] = 30;
  EXPECT_NEAR((*reader)->read()[0].joules->value, 30, 1e-6);
  joules_[{0, 2}] = 61'776;
  EXPECT_EQ((*reader)->read()[0].status, SampleStatus::reset);
  EXPECT_NEAR((*reader)->read()[0].joules->value, 30, 1e-6);
  EXPECT_THAT((*reader)->take_warnings(), ElementsAre(HasSubstr("150 W is the most that it can draw")));
}

TEST_F(PerfRapl, AnErrorIsAGapWithOneWarning) {
  machine();
  const auto reader = open();
  read_error_ = EIO;
  EXPECT_EQ((*reader)->read()[0].status, SampleStatus::error);
  EXPECT_FALSE((*reader)->read()[0].joules);
  EXPECT_EQ((*reader)->take_warnings().size(), 4U);
  read_error_ = 0;
  EXPECT_TRUE((*reader)->read()[0].joules);
}

TEST_F(PerfRapl, RefusesWithAReason) {
  EXPECT_THAT(one_line(open().error()), HasSubstr("no PMU for RAPL"));
  machine();
  put("proc/sys/kernel/perf_event_paranoid", "2");
  open_error_ = EACCES;
  EXPECT_THAT(one_line(open().error()), HasSubstr("perf_event_paranoid is 2; needs 0 or less"));
  open_error_ = ENOENT;
  EXPECT_THAT(one_line(open().error()), HasSubstr("cannot be opened: No such file"));
  open_error_ = 0;
  read_error_ = EIO;
  EXPECT_THAT(one_line(open().error()), HasSubstr("cannot be read"));
}

TEST_F(PerfRapl, WhatIsNotUnderstoodIsNotCounted) {
  machine();
  const std::string pmu = "sys/bus/event_source/devices/power/";
  put(pmu + "events/energy-ram", "event=0x03,umask=1");
  put(pmu + "events/energy-pkg.unit", "Watts");
  EXPECT_THAT(one_line(open().error()), HasSubstr("no energy event that is understood"));
  event("energy-pkg", "0x02");
  EXPECT_EQ(texts(**open()).size(), 2U);
  EXPECT_THAT((*open())->left_out(), ElementsAre("energy-ram of socket 0 is left out: not understood",
                                                 "energy-ram of socket 1 is left out: not understood"));
  put(pmu + "format/event", "config1:0-7");
  EXPECT_FALSE(open());
  put(pmu + "format/event", "config:0-7");
  for (const char* mask : {"", "garbage", "5-1", "0-99999999"}) {
    put(pmu + "cpumask", mask);
    EXPECT_FALSE(open()) << mask;
  }
}

// Where there is such a PMU; elsewhere the kernel's refusal.
TEST_F(PerfRapl, TheKernelsOwnAnswerIsAResult) {
  const auto reader = open_perf_rapl(Root(), 10, open_cpu_counter);
  if (!reader) GTEST_SKIP() << "SKIPPED LOUDLY: " << one_line(reader.error());
  EXPECT_FALSE((*reader)->read().empty());
}

}  // namespace
}  // namespace pw
