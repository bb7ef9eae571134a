// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyze/test_study.h"
#include "report/page/page_parts.h"

namespace pw {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string said_of(const Recording& recording) { return verdict_of(recording, analyze(recording)); }

TEST(Verdict, IsTimeEnergyAndWhatIsFound) {
  const std::string text = said_of(test::study_recording());
  EXPECT_THAT(text, StartsWith("A test took "));
  EXPECT_THAT(text, HasSubstr("11 tests"));
  EXPECT_THAT(text, ContainsRegex("drew [0-9.]+ kJ .* at [0-9.]+ W \\(whole machine, by its BMC by dcmi"));
  EXPECT_THAT(text, testing::EndsWith("."));
}

TEST(Verdict, SaysWhatIsMissing) {
  EXPECT_THAT(said_of(test::small_recording()), HasSubstr("no power was measured"));
  Recording none = test::small_recording();
  none.executions.clear();
  EXPECT_THAT(said_of(none), StartsWith("No test has a time: "));
  Recording unread = test::study_recording({.tests = 2});
  unread.samples.clear();
  EXPECT_THAT(said_of(unread), HasSubstr("its energy is unknown"));
}

TEST(Verdict, SaysWhatEndedEarly) {
  Recording recording = test::study_recording({.tests = 2});
  recording.ending = Ending::stopped;
  EXPECT_THAT(said_of(recording), StartsWith("Interrupted ("));
}

TEST(Verdict, OfOneTestHasNoInterval) {
  EXPECT_THAT(said_of(test::study_recording({.tests = 1})), StartsWith("The one test took "));
}

TEST(CommandAgain, IsTheCommandWithWhatIsNotUsual) {
  const std::string text = command_again(test::study_recording());
  EXPECT_THAT(text, StartsWith("perfwatt run "));
  EXPECT_THAT(text, HasSubstr("--items 500"));
  EXPECT_THAT(text, HasSubstr("--capture 'acc=ACC: ([0-9.]+)'"));
  EXPECT_THAT(text, HasSubstr("-e cycles,instructions,cache-references,"));
  EXPECT_THAT(text, HasSubstr("--power dcmi://admin@bmc.example"));
  EXPECT_THAT(text, HasSubstr("--label 'ResNet-50, TensorFlow 2.1.1'"));
  EXPECT_THAT(text, testing::EndsWith(" -- python3 hotdog.py 500 1"));
  EXPECT_THAT(text, Not(HasSubstr("-n 11")));
}

TEST(CommandAgain, QuotesWhatAShellWouldTake) {
  Recording recording = test::small_recording();
  recording.experiment.command = {"sh", "-c", "echo 'a' \"$HOME\"; rm -rf x", ""};
  EXPECT_THAT(command_again(recording),
              testing::EndsWith(R"( -- sh -c 'echo '\''a'\'' "$HOME"; rm -rf x' '')"));
}

TEST(CommandAgain, HasTheUnitsOfTheOptions) {
  Recording recording = test::small_recording();
  recording.experiment.interval = Seconds{0.25};
  recording.experiment.delay = Seconds{0.1};
  recording.experiment.timeout = Seconds{90};
  EXPECT_THAT(command_again(recording), HasSubstr("--timeout 90 "));
  EXPECT_THAT(command_again(recording), HasSubstr("--interval 250 --delay 100 "));
}

TEST(CommandAgain, IsNoneWhereNoCommandRan) {
  Recording recording = test::small_recording();
  recording.experiment.target = "process 4711";
  EXPECT_EQ(command_again(recording), "");
}

}  // namespace
}  // namespace pw
