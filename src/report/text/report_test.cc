// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "analyze/analysis.h"
#include "analyze/test_study.h"
#include "base/text.h"
#include "export/export.h"
#include "export/test_content.h"
#include "report/text/findings_page.h"
#include "report/text/summary.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

using testing::HasSubstr;
using testing::Not;

using test::small_recording;

std::string summary_of(const Recording& recording, const TextStyle& style = {}) {
  return summary(recording, analyze(recording, {.bootstrap = style.verbose}), style);
}

TEST(Layout, CountsColumnsAndWraps) {
  EXPECT_EQ(columns("± µ"), 3U);
  EXPECT_EQ(pad_left("±1", 4), "  ±1");
  EXPECT_EQ(wrapped("aa bb cc", 5, 2), "aa\n  bb\n  cc");
  EXPECT_EQ(amount(12345, ""), "12,345");
  EXPECT_EQ(amount(0.8974, "J"), "897.4 mJ");
}

TEST(Layout, IntervalsFitTheirColumn) {
  Statistics statistics;
  statistics.mean = 2;
  EXPECT_EQ(interval(statistics), "");
  for (const auto& [half_width, text] :
       {std::pair{0.01, "± 0.50 %"}, {19.99, "± 999.50 %"}, {24.69, "± 1234 %"}, {2469, "± 1.2e+05 %"}}) {
    statistics.half_width = half_width;
    EXPECT_EQ(interval(statistics), text);
  }
}

// In time that is proportional to the text: a note of a stranger's recording may be of megabytes.
TEST(Layout, SharesThatAreLittleAreNotNothing) {
  EXPECT_EQ(percent(0.1234), "12.3 %");
  EXPECT_EQ(percent(0.0005), "0.1 %");
  EXPECT_EQ(percent(0.000312), "0.031 %");
  EXPECT_EQ(percent(0.0), "0.0 %");
  EXPECT_EQ(percent(std::nullopt), "");
}

TEST(Layout, BreaksWordsThatAreLongerThanALine) {
  EXPECT_EQ(wrapped("abcdefghijklmno", 12, 2), "abcdefghij\n  klmno");
  EXPECT_EQ(wrapped("aa  b", 20, 0), "aa  b");
  EXPECT_EQ(wrapped("µµµµµµµµµµµµ x", 10, 0), "µµµµµµµµµµ\nµµ x");
  const std::string text = wrapped(std::string(3'000'000, 'w'), 100, 0);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 29'999);
}

TEST(Summary, SaysWhatWasMeasuredAndWhatWasNot) {
  const std::string text = summary_of(small_recording());
  EXPECT_THAT(text, HasSubstr("elapsed"));
  EXPECT_THAT(text, HasSubstr("page-faults"));
  EXPECT_THAT(text, HasSubstr("102"));
  EXPECT_THAT(text, HasSubstr("not-supported: no PMU"));
  EXPECT_THAT(text, Not(HasSubstr("INTERRUPTED")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

std::string first_sentence(const Recording& recording) {
  const std::string text = summary_of(recording, {.width = 120});
  std::string first = text.substr(0, text.find("\n  "));
  std::ranges::replace(first, '\n', ' ');
  return first;
}

TEST(Verdict, IsTheFirstSentence) {
  EXPECT_EQ(first_sentence(small_recording()),
            "./job: 1 s ± 0.00 % an execution, 3 tests. Nothing speaks against it.");
  Recording recording = small_recording();
  recording.experiment.label = "a <b>\x1b[2J";
  recording.experiment.command.assign(1000, "word");
  EXPECT_THAT(first_sentence(recording), testing::StartsWith("a <b> [2J: 1 s"));
  recording.experiment.label = "";
  EXPECT_LT(first_sentence(recording).size(), 400U);
}

TEST(Verdict, SaysWhatSpeaksAgainstTheFigures) {
  Recording recording = small_recording();
  recording.executions[1].exit_status = 7;
  recording.ending = Ending::killed;
  recording.notes = {{NoteKind::warning, {}, "the disk was slow"}};
  EXPECT_THAT(first_sentence(recording),
              HasSubstr("With care: it was interrupted, 1 execution failed, 1 test without all passes, 1 "
                        "message meanwhile, two tests are few."));
  recording.executions.resize(1);
  EXPECT_THAT(first_sentence(recording),
              HasSubstr("1 test. With care: it was interrupted, 1 message meanwhile, one "
                        "test has no interval."));
  recording.executions.clear();
  EXPECT_THAT(first_sentence(recording), HasSubstr("no figures: "));
}

TEST(Verdict, HasTimeAndEnergyOfTheStudy) {
  const Recording recording = test::study_recording();
  EXPECT_THAT(first_sentence(recording),
              testing::ContainsRegex("ResNet-50, TensorFlow 2.1.1: 12 s ± .* % and 4[.].* kJ ± .* % an "
                                     "execution, 11 tests[.]"));
}

TEST(Summary, HasATableOfTheTests) {
  EXPECT_THAT(summary_of(small_recording()), Not(HasSubstr("  min ")));
  const std::string text = summary_of(small_recording(), {.tests = true});
  EXPECT_THAT(text, HasSubstr("\n  test        elapsed"));
  EXPECT_THAT(text, HasSubstr("\n  3               1 s"));
  EXPECT_THAT(text, testing::ContainsRegex("\n  min  .* 101\n  max .* 103\n"));
  const std::string study =
      summary(test::study_recording(), analyze(test::study_recording()), {.width = 80, .tests = true});
  for (const std::string& line : split(study.substr(study.find("\n  test ")), '\n')) {
    if (line.starts_with("capture")) break;
    EXPECT_LE(columns(line), 80U) << line;
  }
}

// One line a kind of thing; each reason where it is asked for.
TEST(Summary, NamesInShortWhatWasNotMeasured) {
  Recording recording = small_recording();
  recording.events.push_back(recording.events[0]);
  recording.events.back().name = "instructions";
  recording.events.back().status = CountStatus::not_permitted;
  recording.events.back().reason = "perf_event_paranoid is 3";
  const std::string brief = summary_of(recording);
  EXPECT_THAT(
      brief,
      HasSubstr("\n  counters  not-supported: cycles; not-permitted: instructions; perfwatt doctor says"));
  EXPECT_THAT(brief, Not(HasSubstr("perf_event_paranoid is 3")));
  const std::string whole = summary_of(recording, {.verbose = true});
  EXPECT_THAT(whole, HasSubstr("\n  instructions  not-permitted: perf_event_paranoid is 3\n"));
  EXPECT_THAT(whole, HasSubstr("\n  cycles    not-supported: no PMU\n"));
  for (int i = 0; i < 200; ++i) recording.events.push_back(recording.events[0]);
  recording.executions.resize(1);
  EXPECT_THAT(summary_of(recording), HasSubstr(" and 195 more;"));
}

TEST(Summary, ShowsTheSpreadWhereItIsAskedFor) {
  EXPECT_THAT(summary_of(small_recording()), Not(HasSubstr("spread over the tests")));
  const std::string text = summary_of(small_recording(), {false, 100, true});
  EXPECT_THAT(text, HasSubstr("spread over the tests"));
  EXPECT_THAT(text,
              HasSubstr("page-faults                         102          102            1            1"));
  EXPECT_THAT(text, HasSubstr("t          99.5159 to 104.484"));
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
  EXPECT_THAT(summary_of(recording),
              HasSubstr("test 4 stands apart: elapsed +100.0 %; likely cause: 500 involuntary"));
}

TEST(Summary, SaysWhatTheHypervisorGave) {
  EXPECT_THAT(summary_of(small_recording()), Not(HasSubstr("hypervisor")));
  Recording recording = small_recording();
  for (Execution& one : recording.executions) {
    one.user = {0.5};
    one.before = {{"steal_ticks", "100"}, {"lparcfg_purr", "0"}, {"lparcfg_tbr", "0"}};
    one.after = {{"steal_ticks", "120"}, {"lparcfg_purr", "1"}, {"lparcfg_tbr", "2"}};
  }
  EXPECT_THAT(summary_of(recording), HasSubstr("steal                         200 ms"));  // on any machine
  EXPECT_THAT(summary_of(recording), Not(HasSubstr("cores consumed")));
  recording.machine.insert(
      recording.machine.end(),
      {{"hypervisor", "PowerVM"}, {"lparcfg", "with purr and tbr"}, {"purr", "not permitted: root's"}});
  const std::string text = summary_of(recording);
  EXPECT_THAT(text, HasSubstr("CPU time from the hypervisor\n  cores consumed             0.5 cores"));
  EXPECT_THAT(text, HasSubstr("unknown   effective frequency: purr: not permitted: root's"));
  EXPECT_THAT(text,
              HasSubstr("unknown   entitlement share, dispatches, dispersions: lparcfg does not tell it"));
  EXPECT_THAT(text, HasSubstr("less CPU than asked for: the elapsed time contains waiting"));
  for (Execution& one : recording.executions) one.exit_status = 1;
  EXPECT_THAT(summary_of(recording), Not(HasSubstr("CPU time from")));  // said once, of the time
}

TEST(Summary, MarksInterruptedSimulatedAndFailed) {
  Recording recording = small_recording();
  recording.ending = Ending::killed;
  recording.executions[1].exit_status = 7;
  recording.executions[1].output = "oh no\x1b[2J\n";
  recording.sources = {{"dcmi", "dcmi://a@b", true, 1, 0, 0, 0, 0, 0, {}}};
  recording.channels = {{0, "system", ChannelKind::instantaneous, "whole machine", 1}};
  const std::string text = summary_of(recording);
  EXPECT_THAT(text, HasSubstr("INTERRUPTED"));
  EXPECT_THAT(text, HasSubstr("SIMULATED"));
  EXPECT_THAT(text, HasSubstr("exit status 7"));
  EXPECT_THAT(text, HasSubstr("oh no [2J"));
}

TEST(Summary, ShowsFiveFindingsWithTheirFigures) {
  Recording recording = small_recording();
  EXPECT_THAT(summary_of(recording), Not(HasSubstr("\nfindings\n")));
  recording.machine = {{"arch", "ppc64le"}, {"cpu_model", "POWER9"}, {"cores", "44"}};
  recording.environment = {{"OMP_NUM_THREADS", "176"}};
  EXPECT_THAT(summary_of(recording),
              HasSubstr("\nfindings\n  more threads than cores\n"
                        "  seen      OMP_NUM_THREADS asks for 176 threads; the command may "
                        "run on 44 cores\n"
                        "  next      OMP_NUM_THREADS=44 perfwatt run -- COMMAND\n"));
}

FindingOutcome outcome_of(int number, FindingStatus status) {
  const std::string name = "rule" + std::to_string(number);
  return {name, "title of " + name, status, "figures of " + name, "", "source of " + name, "a > 1"};
}

TEST(Findings, AreFiveAtMostInASummary) {
  Analysis analysis;
  for (int i = 1; i <= 7; ++i) analysis.findings.push_back(outcome_of(i, FindingStatus::applies));
  const std::string text = summary(small_recording(), analysis, {});
  EXPECT_THAT(text, HasSubstr("title of rule5\n"));
  EXPECT_THAT(text, Not(HasSubstr("title of rule6")));
  EXPECT_THAT(text, HasSubstr("\n  and 2 more: perfwatt show --findings\n"));
}

TEST(Findings, ThePageHasEveryRuleWithItsSource) {
  const FindingOutcome all[] = {outcome_of(1, FindingStatus::applies_not),
                                outcome_of(2, FindingStatus::unknown), outcome_of(3, FindingStatus::applies)};
  EXPECT_EQ(findings_page(all, {}),
            "findings that apply: 1 of 3 rules\n  title of rule3 (rule3)\n  seen      figures of rule3\n"
            "  where     a > 1\n  source    source of rule3\n"
            "\ncannot tell: 1 of 3 rules\n  title of rule2 (rule2)\n  why       figures of rule2\n"
            "  where     a > 1\n  source    source of rule2\n"
            "\ndo not apply: 1 of 3 rules\n  title of rule1 (rule1)\n  seen      figures of rule1\n"
            "  where     a > 1\n  source    source of rule1\n");
  FindingOutcome hostile = outcome_of(4, FindingStatus::applies);
  hostile.text = "\x1b[2J" + std::string(1'000'000, 'x');
  const std::string text = findings_page(std::span(&hostile, 1), {});
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_LT(text.size(), 5'000U);
}

// What is shown and exported of the study: made once, as the tests here ask it for many figures.
struct Study {
  Recording recording = test::study_recording();
  Analysis analysis = analyze(recording);
  std::string shown = summary(recording, analysis, {});
  std::vector<std::string> rows = rows_of(export_csv(recording, analysis));

  static std::vector<std::string> rows_of(const std::vector<Document>& documents) {
    for (const Document& document : documents)
      if (document.name == "summary.csv") return split(test::content_of(document), '\n');
    return {};
  }
};
const Study& study() {
  static const Study made;
  return made;
}

// The fields of the row of summary.csv that has this quantity. No field of this recording is quoted.
std::vector<std::string> exported(const std::string& quantity) {
  for (const std::string& line : study().rows)
    if (std::vector<std::string> fields = split(line, ','); fields.size() > 1 && fields[1] == quantity)
      return fields;
  return {};
}

struct Shown {
  const char* label;     // of the line
  const char* quantity;  // of the row
};
class SummaryAndExport : public testing::TestWithParam<Shown> {};

std::string line_with(const std::string& text, const std::string& label) {
  for (const std::string& line : split(text, '\n'))
    if (line.starts_with("  " + label + " ")) return line;
  return "";
}

// Mean and interval as the text shows them, out of the row's numbers.
TEST_P(SummaryAndExport, SayTheSameNumbers) {
  const std::string line = line_with(study().shown, GetParam().label);
  const std::vector<std::string> row = exported(GetParam().quantity);
  ASSERT_EQ(row.size(), 15U) << GetParam().quantity;
  const double mean = parse_number(row[4]).value(), low = parse_number(row[5]).value();
  EXPECT_THAT(line, HasSubstr(" " + amount(mean, row[2])));
  EXPECT_THAT(line, HasSubstr(fmt::format("± {:.2f} %", 100 * (mean - low) / mean)));
  EXPECT_EQ(row[13], "ok");
  EXPECT_EQ(row[3], "11");
  const std::vector<std::string> item = exported(std::string(GetParam().quantity) + "-per-item");
  if (!item.empty()) {
    EXPECT_THAT(line, HasSubstr(" " + amount(parse_number(item[4]).value(), item[2])));
    EXPECT_NEAR(parse_number(item[5]).value(), low / 500, 1e-9 * low);
  }
}
INSTANTIATE_TEST_SUITE_P(Study, SummaryAndExport,
                         testing::Values(Shown{"elapsed", "elapsed"}, Shown{"user", "user"},
                                         Shown{"system", "system"}, Shown{"largest resident set", "max-rss"},
                                         Shown{"cycles", "cycles"}, Shown{"cache-misses", "cache-misses"},
                                         Shown{"task-clock", "task-clock"},
                                         Shown{"page-faults", "page-faults"},
                                         Shown{"mean power", "dcmi/system/mean-power"},
                                         Shown{"peak power", "dcmi/system/peak-power"},
                                         Shown{"energy, gross", "dcmi/system/energy-gross"},
                                         Shown{"energy, net of idle", "dcmi/system/energy-net"},
                                         Shown{"energy-delay product", "dcmi/system/energy-delay-product"}));

TEST(SummaryAndExportOf, FiguresThatAreOneNumber) {
  const std::string& text = study().shown;
  const auto number = [&](const char* quantity) {
    const std::vector<std::string> row = exported(quantity);
    return row.size() == 15 ? parse_number(row[4]).value_or(NAN) : NAN;
  };
  EXPECT_THAT(text, HasSubstr(amount(number("items-per-second"), "") + " items/s"));
  EXPECT_THAT(line_with(text, "cycles"), HasSubstr(amount(number("cycles-per-second"), "")));
  EXPECT_THAT(text, HasSubstr(fmt::format("before {:.1f} W, after {:.1f} W, drift {:+.1f} %",
                                          number("dcmi/system/idle-before"), number("dcmi/system/idle-after"),
                                          number("dcmi/system/idle-drift"))));
  EXPECT_NEAR(number("page-faults-per-second"), number("page-fault-rate"), 1e-9 * number("page-fault-rate"));
  EXPECT_THAT(line_with(text, "IPC"), HasSubstr(fmt::format("{:.4g} ", number("ipc"))));
  EXPECT_THAT(text, HasSubstr(fmt::format("{:+.3g} s ±", number("dcmi/system/lag"))));
}

}  // namespace
}  // namespace pw
