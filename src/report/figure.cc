// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figure.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kCaptionColumns = 120;

std::string cut(std::string text, std::size_t length) {
  if (columns(text) <= length) return text;
  while (columns(text) >= length) text.pop_back();
  return printable(text) + "…";
}

}  // namespace

std::string gnuplot_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : printable(text)) quoted += c == '\'' ? std::string("’") : std::string(1, c);
  return quoted + "'";
}

std::string caption(const Recording& recording) {
  std::vector<std::string> parts;
  for (const char* key : {"cpu_model", "system", "arch", "kernel"})
    for (const Fact& fact : recording.machine)
      if (fact.key == key) parts.push_back(fact.value);
  return cut(join(parts, ", "), kCaptionColumns);
}

std::string heading(const Recording& recording, std::string_view title, std::string_view subtitle) {
  const std::string command = cut(join(recording.experiment.command, " "), kCaptionColumns);
  const std::string label = cut(recording.experiment.label, kCaptionColumns);
  std::string script = fmt::format(
      "set label 901 {} at screen 0.5, screen 0.965 center font ',17' noenhanced\n"
      "set label 902 {} at screen 0.5, screen 0.915 center font ',11' textcolor rgb '#555555' noenhanced\n"
      "set label 903 {} at screen 0.5, screen 0.045 center font ',10' textcolor rgb '#555555' noenhanced\n"
      "set label 904 {} at screen 0.5, screen 0.018 center font ',10' textcolor rgb '#555555' noenhanced\n",
      gnuplot_quoted(title), gnuplot_quoted(subtitle),
      gnuplot_quoted(label.empty() ? command : label + " · " + command), gnuplot_quoted(caption(recording)));
  if (recording.interrupted())
    script +=
        "set label 905 'interrupted: the run so far' at screen 0.985, screen 0.965 right font ',11' "
        "textcolor rgb '#b00020'\n";
  return script;
}

Figure message_figure(const Recording& recording, std::string name, std::string_view title,
                      std::string_view message) {
  std::string script = heading(recording, title, "");
  script += "unset border\nunset tics\nunset key\nunset grid\n";
  double at = 0.58;
  int tag = 1;
  for (const std::string& line : split(wrapped(printable(message), 78, 0), '\n')) {
    script += fmt::format("set label {} {} at screen 0.5, screen {:.3f} center font ',14' noenhanced\n",
                          tag++, gnuplot_quoted(line), at);
    at -= 0.055;
  }
  script += "set xrange [0:1]\nset yrange [0:1]\nplot NaN notitle\n";
  return {std::move(name), script, "message\n" + csv_field(printable(message)) + "\n"};
}

}  // namespace pw
