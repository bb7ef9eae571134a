// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/drawing/heading.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "report/drawing/gnuplot.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr double kWidth = 1000, kLeft = 35, kRight = 25;
constexpr double kCharacter = 0.6;  // of the size: DejaVu Sans, the widest of the usual
constexpr int kTitle = 18, kLongTitle = 14, kSubtitle = 12, kFoot = 10;
constexpr std::size_t kTitleLines = 3, kSubtitleLines = 4, kCommandLines = 4, kMachineLines = 2;
constexpr double kTitleMiddle = 27, kUnderTitle = 30, kKeyUnder = 26, kPlotUnder = 44;  // px
constexpr double kFootMiddle = 11, kFootLine = 15, kAxisRoom = 98;
constexpr std::string_view kMore = " … (perfwatt show has all of it)";

std::vector<std::string> lines_of(std::string_view text, int size, std::size_t most) {
  const std::size_t width = columns_in(kWidth - kLeft - kRight, size);
  std::vector<std::string> lines = split(wrapped(printable(text), width, 0), '\n');
  std::erase(lines, "");
  if (lines.size() <= most) return lines;
  lines.resize(most);
  lines.back() = std::string(lines.back().substr(0, bytes_of(lines.back(), width - columns(kMore))));
  lines.back() += kMore;
  return lines;
}

class Words {
 public:
  explicit Words(int height) : height_(height) {}

  // `y` px under the top.
  void put(std::string_view text, double x, double y, int size, std::string_view colour) {
    script_ += fmt::format(
        "set label {} {} at screen {:.3f}, screen {:.4f} left font ',{}' textcolor rgb '{}' noenhanced\n",
        tag_++, gnuplot_quoted(text), x, at(y), size, colour);
  }
  void add(const std::string& command) { script_ += command; }
  double at(double y) const { return 1 - y / height_; }
  int height() const { return height_; }
  const std::string& script() const { return script_; }

 private:
  int height_;
  int tag_ = 901;
  std::string script_;
};

// Where the plot begins, px under the top.
double put_head(Words& words, const Caption& caption) {
  const bool fits = columns(printable(caption.title)) <= columns_in(kWidth - kLeft - kRight, kTitle);
  const int size = fits ? kTitle : kLongTitle;
  double y = kTitleMiddle;
  const auto stack = [&](const std::vector<std::string>& lines, int of, std::string_view colour) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i > 0) y += 1.35 * of;
      words.put(lines[i], kLeft / kWidth, y, of, colour);
    }
  };
  stack(lines_of(caption.title, size, kTitleLines), size, "#111111");
  y += kUnderTitle;
  stack(lines_of(caption.subtitle, kSubtitle, kSubtitleLines), kSubtitle, kGrey);
  if (!caption.state.empty()) words.put(caption.state, 0.085, y + kKeyUnder, kSubtitle, "#b00020");
  words.add(
      fmt::format("set key at screen 0.975, screen {:.4f} right center horizontal Left reverse font "
                  "',11' samplen 2\n",
                  words.at(y + kKeyUnder)));
  return y + kPlotUnder;
}

// How high it is, px.
double put_foot(Words& words, const Caption& caption) {
  std::vector<std::string> lines = lines_of(caption.command, kFoot, kCommandLines);
  for (const std::string& line : lines_of(caption.machine, kFoot, kMachineLines)) lines.push_back(line);
  double y = kFootMiddle + kFootLine * (static_cast<double>(lines.size()) - 1);
  for (const std::string& line : lines) {
    words.put(line, kLeft / kWidth, words.height() - y, kFoot, kGrey);
    y -= kFootLine;
  }
  return kAxisRoom + kFootLine * (std::max(2.0, static_cast<double>(lines.size())) - 2);
}

std::string machine_line(const Recording& recording) {
  std::vector<std::string> parts;
  for (const char* key : {"cpu_model", "system", "arch", "kernel"})
    for (const Fact& fact : recording.machine)
      if (fact.key == key) parts.push_back(fact.value);
  return join(parts, ", ");
}

std::string command_line(const Recording& recording) {
  const std::string command = join(recording.experiment.command, " ");
  const std::string& label = recording.experiment.label;
  return label.empty() ? command : label + " · " + command;
}

}  // namespace

std::size_t columns_in(double pixels, int size) {
  return static_cast<std::size_t>(std::max(1.0, pixels / (kCharacter * size)));
}

Caption caption_of(const Recording& recording, std::string_view title, std::string_view subtitle) {
  Caption caption{std::string(title), std::string(subtitle), command_line(recording), machine_line(recording),
                  ""};
  if (recording.interrupted()) caption.state = "interrupted: the run so far";
  if (recording.under_way()) caption.state = "under way: the run so far";
  return caption;
}

std::string heading(const Caption& caption, int height) {
  Words words(height);
  const double top = put_head(words, caption), bottom = put_foot(words, caption);
  words.add(fmt::format("set tmargin at screen {:.4f}\nset bmargin at screen {:.4f}\n", words.at(top),
                        bottom / height));
  return words.script();
}

std::string heading(const Recording& recording, std::string_view title, std::string_view subtitle) {
  return heading(caption_of(recording, title, subtitle));
}

}  // namespace pw
