// SPDX-License-Identifier: GPL-3.0-or-later
// rapl and hwmon on trees as the kernel shows them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

#include "os/file.h"
#include "power/reader/checked_reader.h"
#include "power/sysfs/hwmon.h"
#include "power/sysfs/rapl.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SysfsPower : public testing::Test {
 protected:
  void put(const std::string& file, const std::string& text) {
    const auto path = folder_.path() / file;
    ASSERT_TRUE(make_folder(path.parent_path()));
    std::ofstream(path) << text << "\n";  // in place, as the kernel's files change
  }
  void zone(const std::string& folder, const std::string& name, std::uint64_t energy,
            std::uint64_t range = 0) {
    put(folder + "/name", name);
    put(folder + "/energy_uj", std::to_string(energy));
    if (range > 0) put(folder + "/max_energy_range_uj", std::to_string(range));
  }
  std::unique_ptr<PowerReader> rapl() { return std::move(*open_rapl(folder_.path(), 10)); }
  std::unique_ptr<PowerReader> hwmon() { return std::move(*open_hwmon(folder_.path(), 10)); }
  // As they are shown.
  static std::vector<std::string> shown(std::unique_ptr<PowerReader> reader) {
    return texts(CheckedReader(std::move(reader)));
  }
  // A file whose reading is an Input/output error.
  void put_unreadable(const std::string& file) {
    ASSERT_TRUE(make_folder((folder_.path() / file).parent_path()));
    std::filesystem::remove(folder_.path() / file);
    std::filesystem::create_symlink("/proc/self/mem", folder_.path() / file);
  }
  static std::vector<std::string> texts(const PowerReader& reader) {
    std::vector<std::string> texts;
    for (const Channel& channel : reader.channels())
      texts.push_back(channel.name + "|" + channel.scope + "|" +
                      std::string(to_text(channel.kind).substr(0, 4)));
    return texts;
  }
  TempFolder folder_ = TempFolder::make().value();
};

TEST_F(SysfsPower, ZonesSayWhatTheyMeasureAndNoneIsThereTwice) {
  zone("intel-rapl:0", "package-0", 5);
  zone("intel-rapl:0:0", "core", 1);
  zone("intel-rapl:0:1", "dram", 1);
  zone("intel-rapl:1", "package-1-die-0", 5);
  zone("intel-rapl:2", "psys", 9);
  zone("intel-rapl-mmio:0", "package-0", 5);
  put("intel-rapl/enabled", "1");
  EXPECT_THAT(texts(*rapl()), ElementsAre("package-0|socket 0|accu", "package-0/core|socket 0 cores|accu",
                                          "package-0/dram|socket 0 memory|accu",
                                          "package-1-die-0|socket 1 die 0|accu", "psys|whole machine|accu"));
}

// 262,143.328850 J is the range of a Xeon's counter.
TEST_F(SysfsPower, AWrapIsNoLossAndAStepBackIsAReset) {
  constexpr std::uint64_t kRange = 262'143'328'850;
  zone("intel-rapl:0", "package-0", kRange - 1'000'000, kRange);
  const auto reader = rapl();
  EXPECT_DOUBLE_EQ(reader->read()[0].joules->value, 0);
  zone("intel-rapl:0", "package-0", 2'000'000, kRange);
  EXPECT_NEAR(reader->read()[0].joules->value, 3, 1e-9);
  zone("intel-rapl:0", "package-0", 1'500'000, kRange);
  const PowerSample back = reader->read()[0];
  EXPECT_EQ(back.status, SampleStatus::reset);
  EXPECT_NEAR(back.joules->value, 3, 1e-9);
  EXPECT_THAT(reader->take_warnings(), ElementsAre(HasSubstr("went back")));
}

// 5 J at 50 W, half as much again: 66 ms.
TEST_F(SysfsPower, ACounterThatWouldBeReadTooRarelyIsLeftOutWithHowOftenToRead) {
  zone("intel-rapl:0", "package-0", 500, 5'000'000);
  put("intel-rapl:0/constraint_0_max_power_uw", "50000000");
  const std::string refusal = one_line(open_rapl(folder_.path(), 10).error());
  EXPECT_THAT(refusal,
              HasSubstr("75 W would take it around its 5 J between two readings; read it every 0.0533 s"));
  EXPECT_TRUE(open_rapl(folder_.path(), 20));
  zone("intel-rapl:1", "package-1", 500, 262'143'328'850);
  EXPECT_THAT(rapl()->left_out(), ElementsAre(HasSubstr("package-0 is left out: ")));
  EXPECT_EQ(rapl()->channels().size(), 1U);
}

// Set back to 0 from above half of its range: around it are 3.8 kJ, and 200 W cannot have been that.
TEST_F(SysfsPower, AResetFromTheUpperHalfIsNoWrap) {
  constexpr std::uint64_t kRange = 65'532'610'987;
  zone("intel-rapl:0", "package-0", 61'776'000'000, kRange);
  put("intel-rapl:0/constraint_0_power_limit_uw", "165000000");
  put("intel-rapl:0/constraint_1_max_power_uw", "200000000");
  const auto reader = rapl();
  reader->read();
  zone("intel-rapl:0", "package-0", 20'000'000, kRange);
  EXPECT_EQ(reader->read()[0].status, SampleStatus::reset);
  zone("intel-rapl:0", "package-0", 30'000'000, kRange);
  EXPECT_EQ(reader->read()[0].joules, Joules{10});
  zone("intel-rapl:0", "package-0", 10'030'000'000, kRange);  // 300 W take 33 s for that
  EXPECT_EQ(reader->read()[0].status, SampleStatus::reset);
  EXPECT_THAT(reader->take_warnings(), ElementsAre(HasSubstr("went back"), HasSubstr("300 W is the most")));
}

// A counter above its own range is none that has wrapped.
TEST_F(SysfsPower, AValueBeyondItsRangeIsNoEnergy) {
  constexpr std::uint64_t kRange = 262'143'328'850;
  zone("intel-rapl:0", "package-0", 2 * kRange, kRange);
  const auto reader = rapl();
  reader->read();
  zone("intel-rapl:0", "package-0", 1'000, kRange);
  EXPECT_EQ(reader->read()[0].status, SampleStatus::reset);
  EXPECT_DOUBLE_EQ(reader->read()[0].joules->value, 0);
}

// Both packages have two dies; powercap's mmio zones are of the first package and measure the same.
TEST_F(SysfsPower, DiesAreToldApartWithWhatLiesWithinThem) {
  for (int package = 0; package < 2; ++package)
    for (int die = 0; die < 2; ++die) {
      const std::string folder = "intel-rapl:" + std::to_string(2 * package + die);
      zone(folder, "package-" + std::to_string(package) + "-die-" + std::to_string(die), 5);
      zone(folder + ":0", "core", 1);
    }
  zone("intel-rapl-mmio:0", "package-0-die-0", 5);
  zone("intel-rapl-mmio:0:0", "dram", 2);
  EXPECT_THAT(
      texts(*rapl()),
      ElementsAre("package-0-die-0|socket 0 die 0|accu", "package-0-die-0/core|socket 0 die 0 cores|accu",
                  "package-0-die-1|socket 0 die 1|accu", "package-0-die-1/core|socket 0 die 1 cores|accu",
                  "package-1-die-0|socket 1 die 0|accu", "package-1-die-0/core|socket 1 die 0 cores|accu",
                  "package-1-die-1|socket 1 die 1|accu", "package-1-die-1/core|socket 1 die 1 cores|accu",
                  "package-0-die-0/dram|socket 0 die 0 memory|accu"));
}

// A kernel's file answers so where its device is gone; one of a process does, too.
TEST_F(SysfsPower, ASensorThatVanishesIsAGapUntilItIsBack) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  put("hwmon0/name", "power_meter");
  const auto file = folder_.path() / "hwmon0" / "power1_input";
  std::filesystem::create_symlink("/proc/" + std::to_string(child) + "/oom_score_adj", file);
  const auto reader = hwmon();
  EXPECT_TRUE(usable(reader->read()[0]));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(reader->read()[0].status, SampleStatus::error);
  EXPECT_EQ(reader->read()[0].status, SampleStatus::error);
  EXPECT_THAT(reader->take_warnings(), ElementsAre(HasSubstr("power1_input: No such process")));
  std::filesystem::remove(file);
  EXPECT_FALSE(usable(reader->read()[0]));
  put("hwmon0/power1_input", "42000000");
  EXPECT_EQ(reader->read()[0].watts, Watts{42});
}

TEST_F(SysfsPower, WhatAnswersWithEioIsLeftOutWithItsReason) {
  put("hwmon0/name", "power_meter");
  put("hwmon0/power1_input", "42000000");
  put_unreadable("hwmon0/power2_input");
  EXPECT_EQ(texts(*hwmon()).size(), 1U);
  EXPECT_THAT(hwmon()->left_out(),
              ElementsAre(testing::AllOf(HasSubstr("power_meter power2 is left out: "),
                                         HasSubstr("power2_input: Input/output error; is its device"))));
  std::filesystem::remove(folder_.path() / "hwmon0" / "power1_input");
  EXPECT_THAT(one_line(open_hwmon(folder_.path(), 1).error()), HasSubstr("Input/output error"));
}

// What is not there at the first reading is left out: a total without it has to say so.
TEST_F(SysfsPower, WhatTellsNoValueAtFirstIsLeftOutWithItsReason) {
  put("hwmon0/name", "power_meter");
  put("hwmon0/power1_input", "42000000");
  for (const auto& [text, why] : {std::pair{"-1", "it holds a negative value"},
                                  {"18446744073709551615", "all its bits are set"},
                                  {"4294967295000", "4294967.295 W means no value (0xFFFFFFFF milliwatts"},
                                  {"27000", "0.027 W is less than any machine draws: another unit?"},
                                  {"3000000000000", "3e+06 W is more than can be"}}) {
    put("hwmon0/power2_input", text);
    EXPECT_EQ(hwmon()->channels().size(), 1U);
    EXPECT_THAT(hwmon()->left_out(), ElementsAre(HasSubstr(why)));
  }
  put("hwmon0/power1_input", "-1");
  EXPECT_FALSE(open_hwmon(folder_.path(), 1));
}

TEST_F(SysfsPower, ANegativeValueLaterIsNoValue) {
  put("hwmon0/name", "ina226");
  put("hwmon0/power1_input", "42000000");
  const auto reader = hwmon();
  put("hwmon0/power1_input", "-42");
  EXPECT_EQ(reader->read()[0].status, SampleStatus::no_value);
}

TEST_F(SysfsPower, GarbageIsNoNumber) {
  put("hwmon0/name", "power_meter");
  put("hwmon0/power1_input", "42000000");
  const auto reader = hwmon();
  for (const char* text : {"", "-1", "12 34", "0x10", "1e9", "99999999999999999999999", "nan", "\xff\xff"}) {
    put("hwmon0/power1_input", text);
    EXPECT_FALSE(usable(reader->read()[0])) << text;
  }
  put("hwmon0/power1_input", "42000000");
  EXPECT_EQ(reader->read()[0].watts, Watts{42});
}

// A known curve through a counter that wraps every 100 kJ: in fewer a machine that is busy could hide a wrap.
TEST_F(SysfsPower, EnergyIsTheIntegralAcrossWraps) {
  constexpr std::uint64_t kRange = 100'000'000'000;
  double truth = 0;
  zone("intel-rapl:0", "package-0", 0, kRange);
  const auto reader = rapl();
  double read = 0;
  for (int i = 0; i < 2000; ++i) {
    truth += 150 + 100 * std::sin(i / 50.0);
    zone("intel-rapl:0", "package-0", static_cast<std::uint64_t>(truth * 1e6) % kRange, kRange);
    const PowerSample sample = reader->read()[0];
    ASSERT_EQ(sample.status, SampleStatus::ok);
    read = sample.joules->value;
  }
  EXPECT_NEAR(read, truth, 0.005 * truth);
}

TEST_F(SysfsPower, WhatCannotBeReadIsAGapWithOneWarning) {
  zone("intel-rapl:0", "package-0", 1'000'000);
  zone("intel-rapl:1", "package-1", 7);
  const auto reader = rapl();
  reader->read();
  put("intel-rapl:0/energy_uj", "garbage");
  EXPECT_EQ(reader->read()[0].status, SampleStatus::error);
  EXPECT_FALSE(reader->read()[0].joules);
  EXPECT_EQ(reader->read()[1].status, SampleStatus::ok);
  EXPECT_THAT(reader->take_warnings(), ElementsAre(HasSubstr("it holds no number")));
  put("intel-rapl:0/energy_uj", "4000000");
  EXPECT_NEAR(reader->read()[0].joules->value, 3, 1e-9);
}

TEST_F(SysfsPower, PowernvSocketsHaveTheNumbersThatTheOccHas) {
  put("hwmon0/name", "ibmpowernv");
  int number = 0;
  for (const char* label : {"System", "Chip 0 ", "Chip 0 Memory", "Chip 8 ", "Chip 8 GPU"}) {
    const std::string n = std::to_string(++number);
    put("hwmon0/energy" + n + "_label", label);
    put("hwmon0/energy" + n + "_input", "5000000");
    put("hwmon0/power" + n + "_label", label);
    put("hwmon0/power" + n + "_input", "200000000");
  }
  put("hwmon0/power10_label", "APSS 3");
  put("hwmon0/power10_input", "12000000");
  put("hwmon1/name", "coretemp");
  put("hwmon1/temp1_input", "40000");
  EXPECT_THAT(texts(*hwmon()),
              ElementsAre("ibmpowernv System|whole machine|accu", "ibmpowernv Chip 0|socket 0|accu",
                          "ibmpowernv Chip 0 Memory|socket 0 memory|accu", "ibmpowernv Chip 8|socket 1|accu",
                          "ibmpowernv Chip 8 GPU|GPU of socket 1|accu",
                          "ibmpowernv APSS 3|a rail of the machine|inst"));
  const auto reader = hwmon();
  const auto channels = reader->channels();
  for (const Channel& channel : channels) EXPECT_EQ(channel.refresh.value, 40'000'000);
  EXPECT_EQ(channels[0].sample_error, Watts{0.5});
  EXPECT_EQ(channels[1].sample_error, Watts{3});
  EXPECT_EQ(channels[5].sample_error, Watts{0});
  EXPECT_EQ(channels[5].step, 1);  // of watts that are read as they are
}

// Two of a kind on a board: nothing but their folders tells them apart. What has a name of its own keeps it.
TEST_F(SysfsPower, SensorsOfOneNameAreToldApart) {
  for (const char* device : {"hwmon1", "hwmon2"}) {
    put(std::string(device) + "/name", "ina226");
    put(std::string(device) + "/power1_input", "5000000");
    put(std::string(device) + "/power2_input", "6000000");
  }
  put("hwmon2/power2_label", "GPU");
  put("hwmon3/name", "power_meter");
  put("hwmon3/power1_average", "305000000");
  put("hwmon4/name", "power_meter");
  put("hwmon4/power1_average", "306000000");
  EXPECT_THAT(shown(hwmon()),
              ElementsAre("ina226 power1 (hwmon1)|ina226 (hwmon1)|inst", "ina226 power2|ina226|inst",
                          "ina226 power1 (hwmon2)|ina226 (hwmon2)|inst", "ina226 GPU|ina226 GPU|inst",
                          "power_meter power1 (hwmon3)|whole machine|inst",
                          "power_meter power1 (hwmon4)|whole machine|inst"));
}

TEST_F(SysfsPower, SensorsOfOneLabelInOneDeviceAreToldApartByTheirFiles) {
  put("hwmon0/name", "scmi");
  for (const char* input : {"energy1", "energy2"}) {
    put(std::string("hwmon0/") + input + "_label", "CPU");
    put(std::string("hwmon0/") + input + "_input", "7");
  }
  EXPECT_THAT(shown(hwmon()),
              ElementsAre("scmi CPU (hwmon0 energy1_input)|scmi CPU (hwmon0 energy1_input)|accu",
                          "scmi CPU (hwmon0 energy2_input)|scmi CPU (hwmon0 energy2_input)|accu"));
}

// Of one label, but not one thing: unless there are as many counters of energy.
TEST_F(SysfsPower, TwoPowersOfOneLabelAreTwo) {
  put("hwmon0/name", "scmi");
  for (const char* input : {"power1", "power2"}) {
    put(std::string("hwmon0/") + input + "_label", "CPU");
    put(std::string("hwmon0/") + input + "_input", "7000000");
  }
  EXPECT_THAT(shown(hwmon()),
              ElementsAre("scmi CPU (hwmon0 power1_input)|scmi CPU (hwmon0 power1_input)|inst",
                          "scmi CPU (hwmon0 power2_input)|scmi CPU (hwmon0 power2_input)|inst"));
  for (const char* input : {"energy1", "energy2"}) {
    put(std::string("hwmon0/") + input + "_label", "CPU");
    put(std::string("hwmon0/") + input + "_input", "7000000");
  }
  EXPECT_EQ(hwmon()->channels().size(), 2U);
}

// As kernels before 5.2 call the two dies of a package.
TEST_F(SysfsPower, ZonesOfOneNameAreToldApart) {
  zone("intel-rapl:0", "package-0", 5);
  zone("intel-rapl:0:0", "dram", 5);
  zone("intel-rapl:1", "package-0", 5);
  zone("intel-rapl:1:0", "dram", 5);
  zone("intel-rapl-mmio:0", "package-0", 5);
  EXPECT_THAT(shown(rapl()),
              ElementsAre("package-0 (intel-rapl:0)|socket 0 (intel-rapl:0)|accu",
                          "package-0/dram (intel-rapl:0:0)|socket 0 memory (intel-rapl:0:0)|accu",
                          "package-0 (intel-rapl:1)|socket 0 (intel-rapl:1)|accu",
                          "package-0/dram (intel-rapl:1:0)|socket 0 memory (intel-rapl:1:0)|accu"));
  EXPECT_EQ(rapl()->channels()[0].device, (folder_.path() / "intel-rapl:0" / "energy_uj").string());
}

// powerN_max of the same label bounds an energy counter: 200 W, half as much again, for a minute at first.
TEST_F(SysfsPower, TheLimitOfAPowerBoundsItsEnergy) {
  put("hwmon0/name", "xe");
  put("hwmon0/energy1_input", "1000000");
  put("hwmon0/power1_max", "200000000");
  const auto reader = hwmon();
  reader->read();
  put("hwmon0/energy1_input", "19000000000");
  EXPECT_EQ(reader->read()[0].status, SampleStatus::reset);
  EXPECT_THAT(reader->take_warnings(), ElementsAre(HasSubstr("300 W is the most that it can draw")));
}

TEST_F(SysfsPower, AnAverageSaysHowLongItIsOver) {
  put("hwmon0/name", "power_meter");
  put("hwmon0/power1_average", "305000000");
  put("hwmon0/power1_average_interval", "300000");
  EXPECT_EQ(hwmon()->channels()[0].averages.value, 300'000'000'000);
  put("hwmon0/power1_input", "305000000");
  EXPECT_THAT(texts(*hwmon()), ElementsAre("power_meter power1|whole machine|inst"));
  EXPECT_EQ(hwmon()->channels()[0].averages.value, 0);
}

TEST_F(SysfsPower, MetersGiveWatts) {
  put("hwmon0/name", "power_meter");
  put("hwmon0/power1_average", "305000000");
  const auto reader = hwmon();
  EXPECT_THAT(texts(*reader), ElementsAre("power_meter power1|whole machine|inst"));
  EXPECT_DOUBLE_EQ(reader->read()[0].watts->value, 305);
  EXPECT_EQ(reader->channels()[0].step, 0);
}

TEST_F(SysfsPower, RefusesWithAReason) {
  EXPECT_THAT(one_line(open_rapl(folder_.path(), 1).error()), HasSubstr("no powercap zone"));
  EXPECT_THAT(one_line(open_hwmon(folder_.path() / "none", 1).error()), HasSubstr("no hwmon device"));
  zone("intel-rapl:0", "package-0", 1);
  put("intel-rapl:0/energy_uj", "x");
  EXPECT_THAT(one_line(open_rapl(folder_.path(), 1).error()), HasSubstr("hold no numbers"));
}

}  // namespace
}  // namespace pw
