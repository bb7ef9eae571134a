// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/page/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "analyze/test_study.h"
#include "base/text.h"
#include "model/test_samples.h"
#include "report/page/key_figures.h"
#include "report/page/page_parts.h"

namespace pw {
namespace {

using nlohmann::json;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

template <class Write>
std::string written(const Write& write) {
  std::string content;
  Output out([&](std::string_view text) -> Result<> {
    content += text;
    return {};
  });
  write(out);
  EXPECT_TRUE(out.end());
  return content;
}

std::string data_text(const Recording& recording, std::span<const PageComparison> comparisons = {}) {
  const Analysis analysis = analyze(recording, {.lines = true});
  const std::vector<PageRecording> one{{"r.perfwatt", "", recording, analysis}};
  return written([&](Output& out) {
    JsonWriter writer(out, JsonStyle::page);
    write_page_data(writer, {one, comparisons, {}});
  });
}

json data_of(const Recording& recording) { return json::parse(data_text(recording)).at("recordings").at(0); }

template <class Number>
std::vector<Number> column_of(const json& text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : text.get<std::string>()) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<std::uint32_t>(kDigits.find(c));
    if ((have += 6) < 8) continue;
    have -= 8;
    bytes += static_cast<char>(bits >> have & 255);
  }
  std::vector<Number> all(bytes.size() / sizeof(Number));
  std::memcpy(all.data(), bytes.data(), all.size() * sizeof(Number));
  return all;
}

const json& named(const json& rows, const std::string& quantity) {
  for (const json& row : rows)
    if (row.at("quantity") == quantity) return row;
  throw std::runtime_error("no " + quantity);
}

TEST(PageData, HasTheSummarysRowsToTheLastDigit) {
  const Recording recording = test::study_recording();
  const Analysis analysis = analyze(recording);
  const json rows = data_of(recording).at("summary");
  ASSERT_EQ(rows.size(), analysis.summary.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].at("quantity"), analysis.summary[i].quantity);
    if (analysis.summary[i].mean) {
      EXPECT_EQ(rows[i].at("mean").get<double>(), *analysis.summary[i].mean);
    }
  }
}

TEST(PageData, HasEachTestOfEachSeries) {
  const Recording recording = test::study_recording();
  const json page = data_of(recording);
  const Analysis analysis = analyze(recording);
  const json& elapsed = named(page.at("series"), "elapsed");
  EXPECT_EQ(column_of<std::int32_t>(elapsed.at("tests")), (std::vector{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
  std::vector<double> values;
  for (const TestValue& one : analysis.run.elapsed.series.tests) values.push_back(one.value);
  EXPECT_EQ(column_of<double>(elapsed.at("values")), values);
  for (const json& one : page.at("series"))
    EXPECT_EQ(named(page.at("summary"), one.at("quantity")).at("unit"), one.at("unit")) << one.at("quantity");
}

TEST(PageData, HasEachReadingOfAShortRecording) {
  const Recording recording = test::study_recording();
  const json channel = data_of(recording).at("channels").at(0);
  EXPECT_FALSE(channel.at("decimated"));
  EXPECT_FALSE(channel.contains("min"));
  const std::vector<double> times = column_of<double>(channel.at("time"));
  const std::vector<float> watts = column_of<float>(channel.at("mean"));
  ASSERT_EQ(times.size(), recording.samples.size());
  std::size_t i = 0;
  for (const PowerSample& sample : recording.samples) {
    EXPECT_NEAR(times[i], to_seconds(sample.time - recording.start).value, 1e-9);
    EXPECT_EQ(watts[i++], static_cast<float>(sample.watts->value));
  }
}

TEST(PageData, KeepsThePeakOfALongRecording) {
  Recording recording = test::study_recording({.rate = 20});
  ASSERT_GT(recording.samples.size(), kLineParts);
  test::change_samples(recording, [](auto& samples) { samples[4321].watts = Watts{1234.56789}; });
  const json channel = data_of(recording).at("channels").at(0);
  EXPECT_TRUE(channel.at("decimated"));
  const std::vector<float> most = column_of<float>(channel.at("max")),
                           least = column_of<float>(channel.at("min"));
  EXPECT_LE(most.size(), kLineParts + 2);
  const float peak = *std::ranges::max_element(most);
  EXPECT_GE(peak, 1234.56789);
  EXPECT_NEAR(peak, 1234.56789, 1e-3);
  const std::vector<float> mean = column_of<float>(channel.at("mean"));
  for (std::size_t i = 0; i < mean.size(); ++i) {
    EXPECT_LE(least[i], mean[i]);
    EXPECT_GE(most[i], mean[i]);
  }
}

TEST(PageData, SaysWhyThereIsNone) {
  const json page = data_of(test::small_recording());
  EXPECT_NE(page.at("why_no_power"), "");
  EXPECT_TRUE(page.at("channels").empty());
  std::string gaps;
  for (const json& gap : page.at("gaps"))
    gaps += gap.at("what").get<std::string>() + ": " + gap.at("why").get<std::string>() + "\n";
  EXPECT_THAT(gaps, HasSubstr("cycles: "));
  EXPECT_THAT(gaps, HasSubstr("no PMU"));
  EXPECT_THAT(gaps, HasSubstr("power: "));
}

TEST(PageData, NamesTheFirstOfManyThatShareAReason) {
  Recording recording = test::small_recording();
  for (int i = 0; i < 1000; ++i) {
    recording.executions.push_back(recording.executions[0]);
    recording.executions.back().exit_status = 1;
    recording.executions.back().test = 4 + i;
  }
  std::string failed;
  const json page = data_of(recording);
  for (const json& gap : page.at("gaps"))
    if (gap.at("why").get<std::string>().starts_with("failed")) failed = gap.at("what");
  EXPECT_TRUE(failed.starts_with("test 4, pass 1, test 5, pass 1, "));
  EXPECT_TRUE(failed.ends_with("test 23, pass 1, and 980 more")) << failed;
}

TEST(PageData, IsOneLineOfAsciiThatEndsNoElement) {
  const std::string hostile = "</script><script>alert(1)</script>\n\"'\x1b[31m \u202Eevil\xff <!--";
  Recording recording = test::study_recording();
  recording.experiment.label = recording.experiment.command[1] = recording.events[0].name = hostile;
  recording.channels[0].name = recording.sources[0].name = recording.machine[1].value = hostile;
  recording.experiment.captures[0].name = hostile;
  recording.environment.push_back({hostile, hostile});
  recording.notes.push_back({NoteKind::notice, {}, hostile});
  for (Execution& one : recording.executions) one.captures = {hostile};
  const Analysis analysis = analyze(recording, {.rows = false});
  const std::vector<Explanation> same{{&recording, &analysis}};
  const std::vector<PageComparison> comparisons = {
      {hostile, hostile, compare(same, same, {})},
      {hostile, hostile, compare_matched(std::vector<MatchedVariant>{{hostile, same, same}}, {})}};
  const std::string text = data_text(recording, comparisons);
  EXPECT_TRUE(json::accept(text));
  EXPECT_THAT(text, Not(HasSubstr("<")));
  for (const char c : text) ASSERT_TRUE(c >= ' ' && c <= '~') << static_cast<int>(c);
  for (const char* escape : {"\\u001b", "\\u202e", "\\u202E", "\\n"})
    EXPECT_THAT(text, Not(HasSubstr(escape)));
}

TEST(PageData, HasNoNumberWhereThereIsNone) {
  Recording recording = test::study_recording();
  test::change_each_sample(recording, [](PowerSample& sample) { sample.watts = Watts{NAN}; });
  for (Execution& one : recording.executions) one.items = 0;
  const std::string text = data_text(recording);
  EXPECT_TRUE(json::accept(text));
  for (const char* word : {":nan", ":inf", ":-inf", "NaN"}) EXPECT_THAT(text, Not(HasSubstr(word)));
}

TEST(PageData, OfRecordingsWithoutAnythingIsWhole) {
  Recording none;
  none.experiment.command = {"true"};
  Recording alone = test::study_recording({.tests = 1});
  alone.executions.clear();
  Recording unread = test::study_recording({.tests = 1});
  unread.samples.clear();
  for (const Recording& recording : {none, alone, unread}) {
    const json page = data_of(recording);
    EXPECT_NE(page.at("verdict"), "");
    EXPECT_LE(page.at("figures").size(), 5U);
  }
}

TEST(KeyFigures, AreFiveOfTheSummary) {
  const Recording recording = test::study_recording();
  const Analysis analysis = analyze(recording);
  const std::vector<KeyFigure> figures = key_figures(recording, analysis);
  ASSERT_EQ(figures.size(), 5U);
  for (const KeyFigure& figure : figures)
    EXPECT_NE(std::ranges::find(analysis.summary, figure.quantity, &SummaryRow::quantity),
              analysis.summary.end());
  EXPECT_EQ(figures[0].quantity, "elapsed");
}

TEST(KeyFigures, SayWhyThereIsNoEnergy) {
  const Recording recording = test::small_recording();
  const std::vector<KeyFigure> figures = key_figures(recording, analyze(recording));
  const auto energy = std::ranges::find(figures, "Energy of a test", &KeyFigure::label);
  ASSERT_NE(energy, figures.end());
  EXPECT_EQ(energy->quantity, "");
  EXPECT_NE(energy->reason, "");
}

TEST(Page, IsTheTemplateWithTheDataInItsPlace) {
  if (const Result<> possible = page_possible(); !possible)
    GTEST_SKIP() << "SKIPPED LOUDLY: " << possible.error().what;
  const Recording recording = test::study_recording({.tests = 2});
  const Analysis analysis = analyze(recording, {.lines = true});
  const std::vector<PageRecording> one{{"r.perfwatt", "", recording, analysis}};
  const std::string page = written([&](Output& out) { write_page(out, {one, {}, {}}); });
  EXPECT_TRUE(page.starts_with(page_beginning()));
  EXPECT_THAT(page, HasSubstr(">{\"format\":\"perfwatt page\""));
  EXPECT_THAT(page, Not(HasSubstr("@PERFWATT_DATA@")));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_TRUE(page.ends_with("</html>\n"));
}

}  // namespace
}  // namespace pw
