// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/figures.h"
#include "report/figures/older_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analyze/test_study.h"
#include "os/file.h"
#include "os/run.h"

namespace pw {
namespace {

using test::small_recording;
using testing::HasSubstr;

Figure figure_of(const Recording& recording, const std::string& name) {
  for (const Figure& figure : all_figures({recording, analyze(recording, {.lines = true})}))
    if (figure.name == name) return figure;
  return {};
}

TEST(Figure, AnUncountedEventSaysWhy) {
  EXPECT_THAT(figure_of(small_recording(), "cycles").script, HasSubstr("not-supported: no PMU"));
}

TEST(Figure, QuotesWhatAStrangerWrote) {
  EXPECT_EQ(gnuplot_quoted("a'b\n`c`"), "'a’b `c`'");
  Recording recording = small_recording();
  recording.events[1].name = "cpu/../../x`touch y`/";
  EXPECT_EQ(figure_of(recording, "cpu-x-touch-y").data.size(), 1U);
}

// An event may be called as a figure that is always there, or as its data.
TEST(Figures, EachHasANameOfItsOwn) {
  Recording recording = test::study_recording({2});
  recording.events.resize(14, recording.events[11]);
  recording.events[12].name = "Time/elapsed";
  recording.events[13].name = "power-consumption-tests";
  std::vector<std::string> names;
  for (const Figure& figure : all_figures({recording, analyze(recording, {.lines = true})}))
    names.push_back(figure.name);
  EXPECT_THAT(names, testing::IsSupersetOf({"time-elapsed", "time-elapsed-2", "power-consumption",
                                            "power-consumption-tests-2"}));
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(Figures, TheTenAreAlwaysDrawnAndWellFormed) {
  if (!on_path("gnuplot")) GTEST_SKIP() << "SKIPPED LOUDLY: gnuplot is not installed";
  Recording recording = small_recording();
  recording.experiment.label = "'; system('touch pwned') `touch pwned` @x <script>";
  const Analysis analysis = analyze(recording, {.lines = true});
  const auto folder = TempFolder::make().value();
  const auto pictures = plot({recording, analysis}, folder.path(), {"svg"});
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

TEST(OlderFigures, AreThoseOfAScriptOfOurs) {
  const auto temporary = TempFolder::make().value();
  const Folder folder = Folder::open(temporary.path()).value();
  const std::string script = first_words("old") + "\nfile1 = 'old.csv'\nfile2 = '../up.csv'\n";
  const std::vector<NamedText> old = {{"old.gp", script}, {"old.csv", "1"}, {"old.svg", "<svg/>"}};
  ASSERT_TRUE(put_files(folder, old, {}));
  ASSERT_TRUE(
      put_files(folder, {{"others.gp", "set term"}, {"others.csv", "2"}, {"others.svg", "<svg/>"}}, {}));
  const auto stale = [&](const std::vector<NamedText>& files) {
    return stale_figures(folder, files).value();
  };
  EXPECT_THAT(stale({{"new.gp", ""}}), testing::UnorderedElementsAre("old.gp", "old.csv", "old.svg"));
  EXPECT_THAT(stale({old[0], old[1], {"old.png", ""}}), testing::IsEmpty());  // of the same data
  EXPECT_THAT(stale({old[0], {"old.csv", "3"}, {"old.png", ""}}), testing::ElementsAre("old.svg"));
  const auto refused = stale_figures(folder, {{"new.gp", ""}, {"others.csv", ""}});
  ASSERT_FALSE(refused);
  EXPECT_THAT(one_line(refused.error()), HasSubstr("others.csv: is there, and perfwatt did not make it"));
}

}  // namespace
}  // namespace pw
