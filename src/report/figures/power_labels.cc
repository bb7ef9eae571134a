// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/power_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "base/text.h"
#include "base/text_width.h"
#include "report/drawing/gnuplot.h"

namespace pw {
namespace {

constexpr double kPixels = 890;                      // of the picture's time axis
constexpr double kLabelCharacter = 7.2, kSpace = 5;  // of a label of size 11
constexpr int kFirstTag = 10;

struct SpanLabel {
  int test;
  double middle;  // s
  std::string number, watts;
};

std::vector<SpanLabel> labels_of(const std::map<int, TestSpan>& spans) {
  std::vector<SpanLabel> labels;
  for (const auto& [test, span] : spans)
    labels.push_back({test, (span.begin + span.end) / 2, test == 0 ? "warm-up" : std::to_string(test),
                      span.count > 0 ? fmt::format("{:.0f} W", span.watts / span.count) : ""});
  return labels;
}

double width_of(const std::string& text, double whole) {
  return text.empty() ? 0 : (kLabelCharacter * static_cast<double>(columns(text)) + kSpace) * whole / kPixels;
}

// Whether the labels of the tests 1, 1 + step, ... stand clear of each other.
bool fits(const std::vector<SpanLabel>& labels, std::string SpanLabel::*text, int step, double whole) {
  double end = -std::numeric_limits<double>::infinity();
  for (const SpanLabel& one : labels) {
    if ((one.test - 1) % step != 0) continue;
    const double half = width_of(one.*text, whole) / 2;
    if (one.middle - half < end) return false;
    end = one.middle + half;
  }
  return true;
}

int step_from(const std::vector<SpanLabel>& labels, std::string SpanLabel::*text, int first, double whole) {
  const int most = labels.empty() ? 1 : labels.back().test + 1;
  for (int step = first; step < most; step *= 10)
    for (const int factor : {1, 2, 5})
      if (fits(labels, text, factor * step, whole)) return factor * step;
  return most;
}

std::string label_at(int tag, const std::string& text, double time, double y, std::string_view colour) {
  return fmt::format("set label {} '{}' at {}, graph {} center font ',11' textcolor rgb '{}' front\n", tag,
                     text, exact_number(time), y, colour);
}

}  // namespace

std::string test_labels(const std::map<int, TestSpan>& spans, double whole) {
  std::vector<SpanLabel> labels = labels_of(spans);
  std::string script;
  int tag = kFirstTag;
  if (!labels.empty() && labels.front().test == 0) {
    const TestSpan& warmup = spans.at(0);
    if (warmup.end - warmup.begin >= width_of(labels.front().number, whole))
      script += label_at(tag++, labels.front().number, labels.front().middle, 0.955, kGrey);
    labels.erase(labels.begin());
  }
  const int numbers = step_from(labels, &SpanLabel::number, 1, whole);
  const int watts = step_from(labels, &SpanLabel::watts, numbers, whole);
  for (const SpanLabel& one : labels) {
    if ((one.test - 1) % numbers == 0) script += label_at(tag++, one.number, one.middle, 0.955, kGrey);
    if ((one.test - 1) % watts == 0 && !one.watts.empty())
      script += label_at(tag++, one.watts, one.middle, 0.905, kOrange);
  }
  return script;
}

}  // namespace pw
