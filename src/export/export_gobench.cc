// SPDX-License-Identifier: GPL-3.0-or-later
// Go's benchmark format, a line a test, which benchstat reads:
// https://go.googlesource.com/proposal/+/master/design/14313-benchmark-format.md
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "export/export.h"
#include "export/table_text.h"

namespace pw {
namespace {

constexpr std::string_view kBenchBegin = "perfwatt: tests in Go's benchmark format\n";

std::string without_blanks(std::string_view text) {
  std::string name = printable(text);
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isspace(c) || c == '/'; }, '_');
  return name;
}

// Values of a variant stand behind it, as those of Go's sub-benchmarks do.
std::string benchmark_name(const Experiment& experiment, std::size_t variant) {
  const std::string what = !experiment.label.empty() ? experiment.label
                           : experiment.command.empty()
                               ? "command"
                               : std::filesystem::path(experiment.command.front()).filename().string();
  std::string name = without_blanks(what);
  if (name.empty()) name = "command";
  name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  if (!experiment.variants.empty())
    for (const Fact& value : experiment.variants[variant].values)
      name += "/" + value.key + "=" + without_blanks(value.value);
  return "Benchmark" + name;
}

using LinesByTest = std::map<int, std::string>;

void add_series(LinesByTest& lines, const Measurand& one, const std::string& unit, double factor = 1) {
  for (const TestValue& test : one.series.tests)
    lines[test.test] += fmt::format(" {} {}", exact_number(test.value * factor), unit);
}

LinesByTest lines_of(const Recording& recording, const Analysis& analysis) {
  LinesByTest lines;
  constexpr double kNanosecond = 1e-9;
  add_series(lines, analysis.run.elapsed, "ns/op", 1 / kNanosecond);
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    const Channel& channel = recording.channels[i];
    const std::string name = without_blanks(source_of(recording, channel).name + ":" + channel.name);
    add_series(lines, analysis.power.channels[i].values.gross, name + "-J/op");
  }
  for (const Measurand& count : analysis.run.counters) {
    const std::string unit = count.unit.empty() ? "" : "-" + count.unit;
    add_series(lines, count, without_blanks(count.name) + unit + "/op");
  }
  return lines;
}

}  // namespace

std::vector<Document> export_gobench(const Recording& recording, const Analysis& analysis) {
  const auto write = [&](Output& out) {
    out.text() += kBenchBegin;
    for (const Fact& fact : recording.machine)
      if (fact.key == "arch" || fact.key == "cpu_model" || fact.key == "kernel")
        out.text() +=
            fmt::format("{}: {}\n", fact.key == "cpu_model" ? "cpu" : fact.key, printable(fact.value));
    for_each_variant(recording, analysis, [&](const Recording& view, const Analysis& one, std::size_t i) {
      for (const auto& [test, values] : lines_of(view, one))
        out.text() += fmt::format("{} 1{}\n", benchmark_name(recording.experiment, i), values);
    });
  };
  return {{"bench.txt", std::string(kBenchBegin), write}};
}

}  // namespace pw
