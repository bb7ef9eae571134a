// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/text/metrics_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyze/test_study.h"
#include "base/text.h"
#include "report/text/summary.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const Recording& recording) { return summary(recording, analyze(recording), {}); }

std::string page_of(const Recording& recording, std::string_view list, const TextStyle& style = {}) {
  return metrics_page(evaluate_metrics(recording, list).value(), style);
}

TEST(MetricsPage, DrawsTheStackThatTheStudysEventsGive) {
  const std::string text = page_of(test::study_recording(), "cpi-stack");
  EXPECT_THAT(text, ContainsRegex("run cycles per instruction +0\\.62.* 100\\.0 % "));
  EXPECT_THAT(text, ContainsRegex("  stalled +0\\.30.* 4[78]\\.. % +4[78]\\.. % +± .*█"));
  EXPECT_THAT(text, ContainsRegex("  nothing dispatched +0\\.03"));
  EXPECT_THAT(text, HasSubstr("holds what has no value: completing, thread blocked"));
  EXPECT_THAT(text, HasSubstr("this run did not ask for it (-e)"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(page_of(test::study_recording(), "cpi-stack", {true, 100}), HasSubstr("\x1b"));
}

TEST(MetricsPage, FitsTheTerminal) {
  for (const int width : {60, 80, 100, 120})
    for (const std::string& line : split(page_of(test::study_recording(), "all", {false, width}), '\n'))
      EXPECT_LE(columns(line), static_cast<std::size_t>(std::max(width, 76))) << line;
}

TEST(MetricsPage, ANegativeRemainderIsCalledSo) {
  Recording recording = test::study_recording();
  for (Execution& one : recording.executions)
    for (Reading& reading : one.readings)
      if (recording.events[static_cast<std::size_t>(reading.event)].name == "stalled-cycles-backend")
        reading.value *= 3;
  const std::string text = page_of(recording, "cpi-stack");
  EXPECT_THAT(text, ContainsRegex("  other +-0\\.3"));
  EXPECT_THAT(text, HasSubstr("negative: the parts exceed their whole"));
}

TEST(MetricsPage, SaysWhatIsScaledAndByHowMuch) {
  Recording recording = test::study_recording();
  for (Execution& one : recording.executions)
    for (Reading& reading : one.readings)
      if (recording.events[static_cast<std::size_t>(reading.event)].name == "stalled-cycles-backend") {
        reading.status = CountStatus::scaled;
        reading.running = {reading.enabled.value / 2};
        reading.value /= 2;
      }
  EXPECT_THAT(page_of(recording, "cpi-stack"), ContainsRegex("  stalled .*± 0\\.00.*± 0\\.14[0-9]+  █"));
  EXPECT_THAT(page_of(recording, "cpi-stack"), HasSubstr("of above     95 %   scaled"));
  EXPECT_THAT(page_of(recording, "stalled-backend"), HasSubstr("from scaled counts, ± 48 % by coverage"));
}

TEST(MetricsPage, TheSummaryPointsAtTheTree) {
  EXPECT_THAT(text_of(test::study_recording()), HasSubstr("perfwatt show FILE -M cpi-stack"));
  Recording recording = test::study_recording();
  recording.machine = {{"arch", "x86_64"}};
  EXPECT_THAT(summary(recording, analyze(recording), {}), Not(HasSubstr("-M")));
}

TEST(ShareBar, HasEighths) {
  EXPECT_EQ(share_bar(0.5, 3), "█▌");
  EXPECT_EQ(share_bar(-1, 3), "");
  EXPECT_EQ(share_bar(2, 3), "███");
}

}  // namespace
}  // namespace pw
