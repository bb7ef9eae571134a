// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/figures.h"
#include "report/drawing/older_figures.h"
#include "report/figures/power_labels.h"
#include "report/figures/scan_axes.h"
#include "report/figures/time_energy.h"
#include "report/figures/time_energy_points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analyze/test_study.h"
#include "base/text.h"
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
  EXPECT_EQ(figure_of(small_recording(), "cycles").absent, "not-supported: no PMU");
  EXPECT_EQ(figure_of(small_recording(), "branches").absent, "this run did not ask for it (-e)");
  EXPECT_EQ(figure_of(small_recording(), "page-faults").absent, "");
}

// Of one pass, where no test has a deviation between passes.
TEST(Figure, BarsHaveTheirValues) {
  const Figure one_pass = figure_of(small_recording(), "page-faults");
  EXPECT_THAT(one_pass.script, HasSubstr("file1 using 1:(0):(sprintf('%.4g', $2/factor))"));
  EXPECT_THAT(one_pass.data.front().text, HasSubstr("\n1,101,\n"));
  const auto bars_of = [](int tests) {
    return figure_of(test::study_recording({.tests = tests}), "cycles").script;
  };
  EXPECT_THAT(bars_of(11), HasSubstr("center offset"));
  EXPECT_THAT(bars_of(30), HasSubstr("rotate by 90"));
  EXPECT_THAT(bars_of(60), testing::Not(HasSubstr("with labels")));
}

// By the time of each alone, the longest first; names are quoted, and end as they do.
TEST(Figure, RegionsAreBarsByTheirOwnTime) {
  Recording recording = small_recording();
  recording.regions = {
      {-1, "outer", 1, "marks"}, {0, "it's", 1, "marks"}, {0, std::string(50, 'x') + "last", 1, "marks"}};
  const auto s = [](double seconds) { return to_nanoseconds(Seconds{seconds}); };
  for (Execution& one : recording.executions)
    if (one.of_test())
      one.regions = std::make_shared<ExecutionRegions>(ExecutionRegions{
          {{1, 1, "a", 0}},
          {{0, 0, 1, 0, s(0.875), s(0.125)}, {0, 1, 1, 0, s(0.5), s(0.5)}, {0, 2, 1, 0, s(0.25), s(0.25)}},
          {}});
  const Figure figure = figure_of(recording, "regions-time");
  EXPECT_THAT(figure.script, HasSubstr("set ytics noenhanced ('outer/it’s' 1, '…" + std::string(31, 'x') +
                                       "last' 2, 'outer' 3)"));
  EXPECT_THAT(figure.data.front().text, HasSubstr("\n1,0.5,"));
  EXPECT_EQ(figure_of(small_recording(), "regions-time").script, "");
}

// Each region below its roof; one without a roof says what would give it one.
// Eight ranks on two nodes, of which 5 takes twice as long; of 7 nothing came.
Recording job_recording() {
  Recording recording = small_recording();
  for (int rank = 0; rank < 8; ++rank)
    recording.rank_places.push_back({rank, 8, rank % 4, 4, rank < 4 ? "n1" : "it's", "Slurm", "", ""});
  for (Execution& one : recording.executions) {
    if (!one.of_test()) continue;
    one.ranks = std::make_shared<ExecutionRanks>();
    one.ranks->size = 8;
    for (int rank = 0; rank < 8; ++rank) {
      RankRun& run = one.ranks->ranks.emplace_back();
      run.rank = rank;
      if (rank == 7) continue;
      run.place = rank;
      run.state = RankState::ended;
      run.elapsed = Seconds{rank == 5 ? 2.0 + one.test * 0.25 : 1.0};
      run.usage = RankUsage{{0.5}, {0.25}, 1000, 0, 0, 0, 0, 0, 0};
    }
  }
  return recording;
}

TEST(Figure, RanksArePointsBesideTheirMedian) {
  const Recording recording = job_recording();
  const Figure figure = figure_of(recording, "ranks-wall-time");
  EXPECT_THAT(figure.data.front().text, HasSubstr("\n1,1,1,1,0,n1\n"));
  EXPECT_THAT(figure.data.front().text, HasSubstr("\n5,2.5,2.25,2.75,1,it's\n"));
  EXPECT_THAT(figure.data.front().text, HasSubstr("\n7,,,,0,\n")) << "unknown is not zero";
  EXPECT_THAT(figure.script, HasSubstr("no value of 1 rank"));
  EXPECT_THAT(figure.script, HasSubstr("median = 1.0\n"));
  EXPECT_THAT(figure.script, HasSubstr("set arrow from 3.5, graph 0 "));
  EXPECT_THAT(figure.script, HasSubstr("set label 'rank 5, it’s' at 5, "));
  EXPECT_NE(figure_of(recording, "ranks-cpu-time").script, "");
  EXPECT_EQ(figure_of(small_recording(), "ranks-wall-time").name, "") << "it is no job";
}

TEST(Figure, RegionsLieBeneathTheirRoof) {
  Recording recording = small_recording();
  recording.regions = {{-1, "dense", 1, "marks", {40e9, 1e9, "fp32, 1 thread"}},
                       {-1, "lean", 1, "marks", {2e9, 4e9, "fp32, 1 thread"}}};
  for (Execution& one : recording.executions)
    if (one.of_test())
      one.regions = std::make_shared<ExecutionRegions>(ExecutionRegions{
          {{1, 1, "a", 0}},
          {{0, 0, 1, 0, {500'000'000}, {500'000'000}}, {0, 1, 1, 0, {1'000'000'000}, {1'000'000'000}}},
          {}});
  EXPECT_THAT(figure_of(recording, "roofline").absent, HasSubstr("list peaks --measure"));
  recording.peaks.peaks = {{"fp32", 1, {100e9}, "k"}, {"memory", 1, {10e9}, "k"}, {"L1", 1, {80e9}, "k"}};
  const Figure figure = figure_of(recording, "roofline");
  EXPECT_EQ(
      figure.data[0].text,
      "place,intensity,flops_per_s,roof_share,bound,seconds,mark,region\n1,0.5,2000000000,0.4,1,1,1,lean\n"
      "2,40,80000000000,0.8,0,0.5,2,dense\n");
  EXPECT_EQ(figure.data[1].text,
            "line,intensity,flops_per_s\n0,0.25,2500000000\n0,10,100000000000\n1,0.25,20000000000\n"
            "1,1.25,100000000000\n2,1.25,100000000000\n2,80,100000000000\n");
  EXPECT_THAT(figure.script, HasSubstr("'fp32 100 Gop/s, 1 thread'"));
  EXPECT_THAT(figure.script, HasSubstr("'memory 10 GB/s'"));
  EXPECT_THAT(figure.script, HasSubstr("' 1 △ 40 % · 1 s · lean'"));
  recording.regions[0].work = recording.regions[1].work = {};
  EXPECT_EQ(figure_of(recording, "roofline").name, "");
}

std::string axes_of(const std::vector<double>& values) {
  ScanLine line;
  for (const double value : values) line.points.push_back({value, 1, {}});
  return scan_axes({line}, "n", "time", "s");
}

TEST(ScanFigure, HasTicksAtTheValuesThatWereMeasured) {
  EXPECT_THAT(axes_of({1, 2, 4}), HasSubstr("set xtics ('1' 1, '2' 2, '4' 4)\n"));
  EXPECT_THAT(axes_of({-1, 0, 0.5}), HasSubstr("set xtics ('-1' -1, '0' 0, '0.5' 0.5)\n"));
  EXPECT_THAT(axes_of({1, 2, 4, 64}), HasSubstr("set xtics ('1' 1, '2' 2, '4' 4, '64' 64)\n"));
  EXPECT_THAT(axes_of({3}), HasSubstr("set xtics ('3' 3)\n"));
}

TEST(ScanFigure, LeavesOutTicksThatHaveNoRoom) {
  EXPECT_THAT(axes_of({8, 8.01, 16}), HasSubstr("set xtics ('8' 8, '16' 16)\n"));
  EXPECT_THAT(axes_of({8, 15.99, 16}), HasSubstr("set xtics ('8' 8, '16' 16)\n"));
  std::vector<double> many;
  for (int i = 1; i <= 1000; ++i) many.push_back(i);
  const std::string axes = axes_of(many);
  EXPECT_THAT(axes, HasSubstr("('1' 1, "));
  EXPECT_THAT(axes, HasSubstr(", '1000' 1000)"));
  EXPECT_LE(std::ranges::count(axes, ','), 40);
}

// To gnuplot 4504 / 1000 is 4.
TEST(Figure, NumbersAreDividedWhole) {
  EXPECT_EQ(gnuplot_real(4504), "4504.0");
  EXPECT_EQ(gnuplot_real(-1), "-1.0");
  EXPECT_EQ(gnuplot_real(0.001), "0.001");
  EXPECT_THAT(gnuplot_real(1e30), testing::AnyOf(HasSubstr("e"), HasSubstr(".")));
  Recording recording = small_recording();
  for (Execution& one : recording.executions) one.readings[0].value = 4504;
  const std::string script = figure_of(recording, "page-faults").script;
  EXPECT_THAT(script, HasSubstr("\nmean = 4504.0\n"));
  EXPECT_THAT(script, HasSubstr("\nfactor = 1000.0\n"));
}

TEST(Figure, NamesThatAreTooLongForAnAxisStandInTheTitle) {
  Recording recording = small_recording();
  recording.events[1].name = "armv8_pmuv3_0/a_very_long_name_of_an_event/";
  const std::string script = figure_of(recording, "armv8-pmuv3-0-a-very-long-name-of-an-event").script;
  EXPECT_THAT(script, HasSubstr("set ylabel 'count' "));
  EXPECT_THAT(script, HasSubstr("'armv8_pmuv3_0/a_very_long_name_of_an_event/'"));
  EXPECT_THAT(figure_of(small_recording(), "page-faults").script, HasSubstr("set ylabel 'page-faults' "));
}

TEST(Figure, NothingBelowZeroIsCut) {
  Recording recording = small_recording();
  recording.executions[0].readings[0].value = 100'000;  // a mean whose interval reaches below 0
  EXPECT_THAT(figure_of(recording, "page-faults").script, HasSubstr("set yrange [-"));
  EXPECT_THAT(figure_of(small_recording(), "page-faults").script, HasSubstr("set yrange [0:"));
}

TEST(Heading, WrapsWhatIsLongAndMakesRoom) {
  const auto top_of = [](const std::string& script) {
    const std::size_t at = script.find("set tmargin at screen ") + 22;
    return parse_number(script.substr(at, script.find('\n', at) - at)).value();
  };
  const std::string words = "a word " + std::string(60, 'x') + " and more of it ",
                    text = words + words + words;
  const std::string brief = heading({"title", "subtitle", "command", "machine", ""});
  const std::string whole = heading({text, text, text, text, ""});
  EXPECT_LT(top_of(whole), top_of(brief));
  EXPECT_THAT(whole, testing::Not(HasSubstr("…")));
  EXPECT_THAT(heading({"t", "s", std::string(5000, 'c'), "m", ""}),
              HasSubstr("… (perfwatt show has all of it)"));
}

TEST(PowerLabels, StandClearOfEachOther) {
  const auto labels = [](int tests, double each) {
    std::map<int, TestSpan> spans;
    for (int test = 1; test <= tests; ++test) spans[test] = {each * test, each * (test + 1), 250, 1};
    const std::string script = test_labels(spans, 100);
    const auto lines = split(script, '\n');
    return std::pair(std::ranges::count_if(lines, [](const auto& line) { return line.find(" W'") + 1 > 0; }),
                     static_cast<long>(lines.size()) - 1);
  };
  EXPECT_EQ(labels(8, 10), std::pair(8L, 16L));
  EXPECT_EQ(labels(8, 2), std::pair(2L, 10L));  // 18 px each: 1 and 6 have their watts
  EXPECT_EQ(labels(8, 0.5), std::pair(1L, 3L));
}

TEST(EnergyFigure, HasGrossAndNetOfEachTest) {
  const Figure figure = figure_of(test::study_recording(), "energy-per-test");
  EXPECT_EQ(figure.absent, "");
  const auto rows = split(figure.data.front().text, '\n');
  EXPECT_EQ(rows.size(), 13U);  // a heading, 11 tests
  EXPECT_EQ(split(rows[1], ',').size(), 5U);
  EXPECT_EQ(figure_of(small_recording(), "energy-per-test").name, "");
}

TEST(IntervalFigure, HasTheRateBetweenTwoReadings) {
  Recording recording = small_recording();
  recording.experiment.interval = Seconds{0.25};
  for (Execution& one : recording.executions)
    for (int i = 1; i <= 4; ++i)
      one.intervals.push_back({one.begin + Nanoseconds{i * 250'000'000LL},
                               {1, static_cast<std::uint64_t>(i * i), {i}, {i}, CountStatus::ok, ""}});
  const Figure figure = figure_of(recording, "page-faults-over-time");
  EXPECT_THAT(figure.data.front().text,
              testing::StartsWith("seconds,per_second,curve\n0.125000,4,1\n"
                                  "0.375000,12,1\n0.625000,20,1\n0.875000,28,1\n\n"));
  EXPECT_THAT(figure.script, HasSubstr("title 'test 3'"));
  EXPECT_EQ(figure_of(recording, "cycles-over-time").absent, "not-supported: no PMU");
}

TEST(TimeEnergy, TheFrontIsWhatNoOtherBeats) {
  const std::vector<TimeEnergy> points = {{"fast", 1, 9, {}, {}, "m", false, ""},
                                          {"both", 2, 5, {}, {}, "m", false, ""},
                                          {"worse", 3, 6, {}, {}, "m", false, ""},
                                          {"frugal", 4, 4, {}, {}, "m", false, ""},
                                          {"none", 0, 0, {}, {}, "", false, "no power"}};
  EXPECT_EQ(pareto_front(points), (std::vector<bool>{true, true, false, true, false}));
  const Figure figure = time_energy_figure(points, false);
  EXPECT_THAT(figure.data.front().text, HasSubstr("\nC,3,0,6,0,0,C,worse\n"));
  EXPECT_THAT(figure.data.front().text, testing::Not(HasSubstr("none")));
  EXPECT_EQ(time_energy_figure(std::span(points).last(1), false).absent, "no power");
}

TEST(TimeEnergy, MarksOfPointsThatLieTogetherStandOnce) {
  std::vector<TimeEnergy> points;
  for (int i = 0; i < 30; ++i)
    points.push_back({"x", i < 28 ? 1.0 : 5.0, i < 28 ? 2.0 : 9.0, {}, {}, "m", false, ""});
  const std::vector<std::string> texts = texts_beside(points, kUsualHeight);
  EXPECT_EQ(texts[0], "A, B, C, D and 24 more");
  EXPECT_EQ(texts[1], "");
  EXPECT_EQ(texts[28], "29, 30");
  EXPECT_GT(time_energy_figure(points, true).height, kUsualHeight);
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

TEST(Figures, AreWellFormedAndTheEmptyAreNamed) {
  if (!on_path("gnuplot")) GTEST_SKIP() << "SKIPPED LOUDLY: gnuplot is not installed";
  Recording recording = small_recording();
  recording.experiment.label = "'; system('touch pwned') `touch pwned` @x <script>";
  const Analysis analysis = analyze(recording, {.lines = true});
  const auto folder = TempFolder::make().value();
  const auto plotted = plot({recording, analysis}, folder.path(), {"svg"});
  ASSERT_TRUE(plotted) << one_line(plotted.error());
  EXPECT_EQ(plotted->pictures.size(), 2U);
  EXPECT_THAT(plotted->absent,
              testing::Contains(testing::Pair("power-consumption", HasSubstr("not asked for"))));
  EXPECT_EQ(plotted->absent.size(), 9U);
  for (const std::string_view name : {"page-faults", "time-elapsed"}) {
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
