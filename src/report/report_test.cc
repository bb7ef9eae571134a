// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "os/file.h"
#include "os/run.h"
#include "report/figure.h"
#include "report/figures.h"
#include "report/summary.h"
#include "report/text_layout.h"

namespace pw {
namespace {

using testing::HasSubstr;
using testing::Not;

Recording small_recording() {
  Recording recording;
  recording.experiment.command = {"./job"};
  recording.experiment.tests = 3;
  recording.passes = {{{1}, ""}};
  recording.ending = Ending::complete;
  recording.machine = {{"cpu_model", "POWER9"}};
  recording.events.resize(2);
  recording.events[0].name = "cycles";
  recording.events[0].status = CountStatus::not_supported;
  recording.events[0].reason = "no PMU";
  recording.events[1].name = "page-faults";
  recording.events[1].software = true;
  for (int test = 1; test <= 3; ++test) {
    Execution one;
    one.test = test;
    one.begin = {test * 2'000'000'000LL};
    one.end = one.begin + Nanoseconds{1'000'000'000};
    one.readings = {{1, static_cast<std::uint64_t>(100 + test), {5}, {5}, CountStatus::ok, ""}};
    recording.executions.push_back(one);
  }
  return recording;
}

TEST(Layout, CountsColumnsAndWraps) {
  EXPECT_EQ(columns("± µ"), 3U);
  EXPECT_EQ(pad_left("±1", 4), "  ±1");
  EXPECT_EQ(wrapped("aa bb cc", 5, 2), "aa\n  bb\n  cc");
  EXPECT_EQ(amount(12345, ""), "12,345");
  EXPECT_EQ(amount(0.8974, "J"), "897.4 mJ");
}

TEST(Summary, SaysWhatWasMeasuredAndWhatWasNot) {
  const std::string text = summary(small_recording(), {}, {});
  EXPECT_THAT(text, HasSubstr("elapsed"));
  EXPECT_THAT(text, HasSubstr("page-faults"));
  EXPECT_THAT(text, HasSubstr("102"));
  EXPECT_THAT(text, HasSubstr("not-supported: no PMU"));
  EXPECT_THAT(text, Not(HasSubstr("INTERRUPTED")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(Summary, ShowsTheSpreadWhereItIsAskedFor) {
  EXPECT_THAT(summary(small_recording(), {}, {}), Not(HasSubstr("spread over the tests")));
  const std::string text = summary(small_recording(), {}, {false, 100, true});
  EXPECT_THAT(text, HasSubstr("spread over the tests"));
  EXPECT_THAT(text,
              HasSubstr("page-faults                         102          102            1            1"));
  EXPECT_THAT(text, HasSubstr("t          99.5158 to 104.484"));
  EXPECT_THAT(text, HasSubstr("outliers   not looked for below 5 tests"));
}

TEST(Summary, WarnsOfOddTestsAndTrends) {
  Recording recording = small_recording();
  recording.executions.clear();
  for (int test = 1; test <= 8; ++test) {
    Execution one;
    one.test = test;
    one.end = {test == 4 ? 2'000'000'000 : 1'000'000'000 - test};
    one.involuntary_switches = test == 4 ? 500 : 3;
    recording.executions.push_back(one);
  }
  EXPECT_THAT(summary(recording, {}, {}),
              HasSubstr("test 4 stands apart: elapsed +100.0 %; likely cause: 500 involuntary"));
}

TEST(Summary, MarksInterruptedSimulatedAndFailed) {
  Recording recording = small_recording();
  recording.ending = Ending::killed;
  recording.executions[1].exit_status = 7;
  recording.executions[1].output = "oh no\x1b[2J\n";
  recording.sources = {{"dcmi", "dcmi://a@b", true, 1, 0, 0, 0, 0, 0, {}}};
  recording.channels = {{0, "system", ChannelKind::instantaneous, "whole machine", 1}};
  const std::string text = summary(recording, {}, {});
  EXPECT_THAT(text, HasSubstr("INTERRUPTED"));
  EXPECT_THAT(text, HasSubstr("SIMULATED"));
  EXPECT_THAT(text, HasSubstr("exit status 7"));
  EXPECT_THAT(text, HasSubstr("oh no [2J"));
}

TEST(Figure, AnUncountedEventSaysWhy) {
  EXPECT_THAT(counter_figure(small_recording(), 0).script, HasSubstr("not-supported: no PMU"));
}

TEST(Figure, QuotesWhatAStrangerWrote) {
  EXPECT_EQ(gnuplot_quoted("a'b\n`c`"), "'a’b `c`'");
  Recording recording = small_recording();
  recording.events[1].name = "cpu/../../x`touch y`/";
  EXPECT_EQ(counter_figure(recording, 1).name, "cpu-x-touch-y");
}

TEST(Figures, TheTenAreAlwaysDrawnAndWellFormed) {
  if (!on_path("gnuplot")) GTEST_SKIP() << "SKIPPED LOUDLY: gnuplot is not installed";
  Recording recording = small_recording();
  recording.experiment.label = "'; system('touch pwned') `touch pwned` @x <script>";
  const auto folder = TempFolder::make().value();
  const auto pictures = plot(recording, {}, folder.path(), {"svg"});
  ASSERT_TRUE(pictures) << one_line(pictures.error());
  EXPECT_EQ(pictures->size(), 11U);
  EXPECT_THAT(read_file(folder.path() / "branches.gp").value(), HasSubstr("did not ask for it"));
  EXPECT_THAT(read_file(folder.path() / "power-consumption.gp").value(), HasSubstr("No power was measured"));
  for (const std::string_view name : kStudyEvents) {
    const std::string file = std::string(name) + ".svg";
    ASSERT_TRUE(std::filesystem::exists(folder.path() / file)) << file;
    const auto checked = run_program({"xmllint", "--noout", (folder.path() / file).string()});
    if (checked) {
      EXPECT_EQ(checked->exit_status, 0) << checked->out;
    }
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "pwned"));
  const auto again = run_program({"gnuplot", "page-faults.gp"}, folder.path().string());
  EXPECT_EQ(again.value().exit_status, 0) << again->out;
}

}  // namespace
}  // namespace pw
