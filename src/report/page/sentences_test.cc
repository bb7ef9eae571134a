// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyze/test_study.h"
#include "report/page/page_parts.h"

namespace pw {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

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
