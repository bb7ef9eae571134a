// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/figure.h"

#include <fmt/format.h>

#include "base/text.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kLineColumns = 115;
constexpr std::size_t kMessageColumns = 72;
constexpr std::size_t kMessageLines = 9;

std::string line_of(std::string_view text) { return shortened(printable(text), kLineColumns); }

std::string machine_line(const Recording& recording) {
  std::vector<std::string> parts;
  for (const char* key : {"cpu_model", "system", "arch", "kernel"})
    for (const Fact& fact : recording.machine)
      if (fact.key == key) parts.push_back(fact.value);
  return line_of(join(parts, ", "));
}

std::string command_line(const Recording& recording) {
  const std::string command = join(recording.experiment.command, " ");
  const std::string& label = recording.experiment.label;
  return line_of(label.empty() ? command : label + " · " + command);
}

// A line of text at a place of the picture, 0 to 1 from the left and from the bottom.
std::string text_at(int tag, std::string_view text, double x, double y, int size, std::string_view colour,
                    std::string_view align = "left") {
  return fmt::format(
      "set label {} {} at screen {:.3f}, screen {:.3f} {} font ',{}' textcolor rgb '{}' noenhanced\n", tag,
      gnuplot_quoted(text), x, y, align, size, colour);
}

}  // namespace

std::string gnuplot_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : printable(text)) quoted += c == '\'' ? std::string("’") : std::string(1, c);
  return quoted + "'";
}

std::string file_name(std::string_view text) {
  std::string name;
  for (const char c : text.substr(0, kMostName)) {
    const bool upper = c >= 'A' && c <= 'Z';
    const char lower = upper ? static_cast<char>(c - 'A' + 'a') : c;
    const bool plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (plain)
      name += lower;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name.empty() ? "event" : name;
}

std::string heading(const Recording& recording, std::string_view title, std::string_view subtitle) {
  std::string script = text_at(901, line_of(title), 0.035, 0.952, 18, "#111111") +
                       text_at(902, line_of(subtitle), 0.035, 0.898, 12, kGrey) +
                       text_at(903, command_line(recording), 0.035, 0.047, 10, kGrey) +
                       text_at(904, machine_line(recording), 0.035, 0.02, 10, kGrey);
  if (recording.interrupted())
    script += text_at(905, "interrupted: the run so far", 0.975, 0.952, 12, "#b00020", "right");
  if (recording.under_way())
    script += text_at(905, "under way: the run so far", 0.975, 0.952, 12, "#b00020", "right");
  return script;
}

Figure message_figure(const Recording& recording, std::string name, std::string_view title,
                      std::string_view message) {
  std::string script = heading(recording, title, "") + "unset border\nunset tics\nunset key\nunset grid\n";
  std::vector<std::string> lines = split(wrapped(printable(message), kMessageColumns, 0), '\n');
  if (lines.size() > kMessageLines) {
    lines.resize(kMessageLines);
    lines.back() += " …";
  }
  double at = 0.52 + 0.03 * static_cast<double>(lines.size() - 1);
  int tag = 1;
  for (const std::string& line : lines) {
    script += text_at(tag++, line, 0.5, at, 15, "#333333", "center");
    at -= 0.06;
  }
  script += "set xrange [0:1]\nset yrange [0:1]\nplot NaN notitle\n";
  return {std::move(name), script, {{"", "message\n" + csv_field(printable(message)) + "\n"}}};
}

}  // namespace pw
