// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/collectors.h"

#include <gmock/gmock.h>

#include "collect/arm.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(AskedRegions, MarksAreAlwaysThereButForNone) {
  EXPECT_TRUE(parse_asked_regions("")->marks);
  EXPECT_TRUE(parse_asked_regions("marks")->marks);
  EXPECT_THAT(parse_asked_regions("marks")->armed, IsEmpty());
  EXPECT_FALSE(parse_asked_regions("none")->marks);
}

TEST(AskedRegions, WhatIsUnknownIsNamedWithWhatThereIs) {
  for (const char* const text :
       {"tocrh", "marks,tocrh", "none,marks", "auto,marks", ",", "Torch", "torch "}) {
    const auto asked = parse_asked_regions(text);
    ASSERT_FALSE(asked) << text;
    EXPECT_EQ(asked.error().kind, Failure::input) << text;
    EXPECT_THAT(asked.error().hint, HasSubstr("auto, marks, none, torch, omp"));
  }
}

// Beside the test there are no files of collectors, or those of the build.
TEST(AskedRegions, ACollectorThatIsNamedMustBeUsableAndAutoTakesThoseThatAre) {
  const auto named = parse_asked_regions("torch,marks,torch"), any = parse_asked_regions("auto");
  const bool usable = usable_here(collectors().front()).has_value();
  EXPECT_EQ(named.has_value(), usable);
  if (named) {
    EXPECT_THAT(named->armed, ElementsAre(&collectors().front()));
  } else {
    EXPECT_EQ(named.error().kind, Failure::not_possible);
  }
  EXPECT_EQ(any->armed.size() + any->left_out.size(), collectors().size());
}

TEST(MarkedName, SaysWhoMarked) {
  EXPECT_EQ(marked_name("predict").collector, "marks");
  EXPECT_EQ(marked_name("predict").name, "predict");
  EXPECT_EQ(marked_name("\1torch\1conv1").collector, "torch");
  EXPECT_EQ(marked_name("\1torch\1conv1").name, "conv1");
  for (const char* const text : {"", "\1", "\1torch", "\1torch2\1x", "\1\1x", "torch\1x", "\1nobody\1x"}) {
    EXPECT_EQ(marked_name(text).collector, "marks") << text;
    EXPECT_EQ(marked_name(text).name, text);
  }
  EXPECT_EQ(marked_name("\1torch\1").name, "");
}

std::vector<std::string> armed_with(std::vector<std::string> variables) {
  CommandEnvironment environment(variables);
  arm_torch("/lib/perf watt", environment);
  return variables;
}

TEST(ArmTorch, IsInFrontOfAnyPath) {
  EXPECT_THAT(
      armed_with({"PYTHONPATH=/a b:/c"}),
      ElementsAre("PYTHONPATH=/a b:/c", "PYTHONPATH=/lib/perf watt/start:/a b:/c", "PERFWATT_COLLECT=torch"));
  EXPECT_THAT(armed_with({"PYTHONPATH=/lib/perf watt/start:/c"}),
              ElementsAre("PYTHONPATH=/lib/perf watt/start:/c", "PERFWATT_COLLECT=torch"));
  EXPECT_THAT(armed_with({"PYTHONPATH=/lib/perf watt/started"}).at(1),
              "PYTHONPATH=/lib/perf watt/start:/lib/perf watt/started");
  EXPECT_THAT(armed_with({"PYTHONPATH="}),
              ElementsAre("PYTHONPATH=", "PYTHONPATH=/lib/perf watt/start", "PERFWATT_COLLECT=torch;"));
}

std::vector<std::string> preloaded_with(std::vector<std::string> variables) {
  CommandEnvironment environment(variables);
  arm_omp("/lib/perfwatt", environment);
  return variables;
}

TEST(ArmOmp, IsBehindWhatTheUserLoads) {
  EXPECT_THAT(preloaded_with({"LD_PRELOAD=/a.so b.so"}),
              ElementsAre("LD_PRELOAD=/a.so b.so", "LD_PRELOAD=/a.so b.so:/lib/perfwatt/libperfwatt_omp.so"));
  EXPECT_THAT(preloaded_with({"LD_PRELOAD="}).back(), "LD_PRELOAD=/lib/perfwatt/libperfwatt_omp.so");
  EXPECT_THAT(preloaded_with({"LD_PRELOAD=/a.so:/lib/perfwatt/libperfwatt_omp.so"}).size(), 1);
}

}  // namespace
}  // namespace pw
