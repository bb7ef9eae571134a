// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/summary.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <set>

#include "analyze/energy.h"
#include "analyze/metrics.h"
#include "analyze/series.h"
#include "analyze/statistics.h"
#include "base/text.h"
#include "report/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kLabel = 26;
constexpr std::size_t kNumber = 15;
constexpr std::size_t kNotesShown = 12;

class Page {
 public:
  Page(const Recording& recording, std::span<const EnergyRow> energy, const TextStyle& style)
      : recording_(recording), energy_(energy), style_(style) {}

  std::string text() {
    head();
    time();
    counters();
    derived();
    for (std::size_t i = 0; i < recording_.channels.size(); ++i) power(static_cast<int>(i));
    captures();
    failures();
    not_measured();
    warnings();
    return text_;
  }

 private:
  std::size_t width() const { return static_cast<std::size_t>(std::max(60, style_.width)); }

  std::string painted(std::string_view text, const char* code) const {
    return style_.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }

  void line(std::string_view text = "") {
    text_ += text;
    text_ += '\n';
  }

  void title(std::string_view text) {
    line();
    line(painted(text, "1"));
  }

  // "  label    text", wrapped under itself.
  void row(std::string_view label, std::string_view text) {
    const bool own_line = columns(label) > kLabel;
    const std::size_t indent = own_line ? 12 : std::max<std::size_t>(12, columns(label) + 3);
    if (own_line) line("  " + wrapped(printable(label), width(), 2));
    line((own_line ? std::string(indent, ' ') : "  " + pad_right(printable(label), indent - 2)) +
         wrapped(printable(text), width(), indent));
  }

  void head() {
    if (!recording_.experiment.label.empty()) line(painted(printable(recording_.experiment.label), "1"));
    row("command", join(recording_.experiment.command, " "));
    std::vector<std::string> machine;
    for (const char* key : {"cpu_model", "system", "arch", "kernel", "hostname"})
      for (const Fact& fact : recording_.machine)
        if (fact.key == key) machine.push_back(fact.value);
    row("machine", join(machine, ", "));
    row("recorded", fmt::format("{:%Y-%m-%d %H:%M:%S} UTC, {} of {} test{}, {} pass{} each",
                                fmt::gmtime(static_cast<std::time_t>(recording_.start_unix_s)), tests_seen(),
                                recording_.experiment.tests, recording_.experiment.tests == 1 ? "" : "s",
                                recording_.passes.size(), recording_.passes.size() == 1 ? "" : "es"));
    if (recording_.interrupted())
      line("  " + painted(fmt::format("INTERRUPTED ({}): this is the run so far", to_text(recording_.ending)),
                          "1;31"));
  }

  std::size_t tests_seen() const {
    std::set<int> tests;
    for (const Execution& execution : recording_.executions)
      if (!execution.warmup()) tests.insert(execution.test);
    return tests.size();
  }

  std::optional<double> items() const { return recording_.experiment.items; }

  // One line of the table: mean, interval, per item, per second.
  void numbers(const std::string& label, const Statistics& value, std::string_view unit,
               std::optional<double> seconds, const std::string& remark) {
    std::string text = "  " + pad_right(label, kLabel) + pad_left(amount(value.mean, unit), kNumber) +
                       pad_left(interval(value), kNumber);
    text += pad_left(items() ? amount(value.mean / *items(), unit) : "", kNumber);
    text +=
        pad_left(seconds && *seconds > 0 && unit != "s" ? amount(value.mean / *seconds, unit) : "", kNumber);
    line(text + (remark.empty() ? "" : "  " + remark));
  }

  void table_head(std::string_view name) {
    title(pad_right(name, kLabel + 2) + pad_left("mean", kNumber) + pad_left("95 %", kNumber) +
          pad_left(items() ? "per item" : "", kNumber) +
          pad_left(name == "counters" ? "per second" : "", kNumber));
  }

  std::optional<double> mean_elapsed() const {
    const auto elapsed = statistics(elapsed_series(recording_).values());
    return elapsed ? std::optional(elapsed->mean) : std::nullopt;
  }

  void time() {
    table_head("time");
    const auto elapsed = statistics(elapsed_series(recording_).values());
    if (!elapsed) return line("  no execution that counts");
    numbers("elapsed", *elapsed, "s", std::nullopt,
            items() ? fmt::format("{} items/s", trim(si(*items() / elapsed->mean, 4))) : "");
    numbers("user", *statistics(series_of(recording_, [](auto& one) { return one.user.value; }).values()),
            "s", {}, "");
    numbers("system", *statistics(series_of(recording_, [](auto& one) { return one.system.value; }).values()),
            "s", {}, "");
    const auto rss =
        series_of(recording_, [](auto& one) { return static_cast<double>(one.max_rss_kb) * 1024; });
    line("  " + pad_right("largest resident set", kLabel) +
         pad_left(amount(statistics(rss.values())->mean, "B"), kNumber));
  }

  void counters() {
    table_head("counters");
    for (std::size_t i = 0; i < recording_.events.size(); ++i) counter(static_cast<int>(i));
  }

  void counter(int index) {
    const Event& event = recording_.events[static_cast<std::size_t>(index)];
    const Series series = counter_series(recording_, index);
    const auto value = statistics(series.values());
    if (!value) return;
    const bool nanoseconds = event.unit == "ns";
    std::string remark = printable(event.hardware_event);
    if (event.scope != Scope::both)
      remark += fmt::format("{}{} mode only", remark.empty() ? "" : ", ",
                            event.scope == Scope::user ? "user" : "kernel");
    if (series.least_coverage < 1)
      remark += fmt::format("{}scaled, counted {:.0f} % of the time", remark.empty() ? "" : ", ",
                            100 * series.least_coverage);
    Statistics shown = *value;
    if (nanoseconds) {
      shown.mean *= 1e-9;
      if (shown.half_width) *shown.half_width *= 1e-9;
    }
    numbers(printable(event.label()), shown, nanoseconds ? "s" : "", mean_elapsed(), remark);
  }

  void derived() {
    std::string body, missing;
    for (const Metric& metric : metrics(recording_)) {
      if (!metric.value) {
        missing += (missing.empty() ? "" : "; ") + metric.name + " (needs " + metric.missing + ")";
        continue;
      }
      body += "  " + pad_right(metric.name, kLabel) +
              pad_left(fmt::format("{:.4g} {}", metric.value->mean, metric.unit), kNumber) +
              pad_left(interval(*metric.value), kNumber) + (metric.scaled ? "  from scaled counts" : "") +
              "\n";
    }
    title("metrics");
    text_ += body;
    if (!missing.empty()) row("unknown", missing);
  }

  std::vector<const EnergyRow*> rows_of(const Channel& channel) const {
    const std::string source = shown_name(recording_.sources[static_cast<std::size_t>(channel.source)]);
    std::set<std::pair<int, int>> counted;
    for (const Execution* execution : counted_executions(recording_))
      counted.emplace(execution->test, execution->pass);
    std::vector<const EnergyRow*> rows;
    for (const EnergyRow& one : energy_)
      if (one.source == source && one.channel == channel.name && counted.count({one.test, one.pass}))
        rows.push_back(&one);
    return rows;
  }

  // The mean over the passes of each test of what `pick` gives.
  template <class Pick>
  std::optional<Statistics> energy_statistics(const std::vector<const EnergyRow*>& rows, Pick pick) const {
    std::map<int, std::vector<double>> by_test;
    for (const EnergyRow* one : rows)
      if (const auto value = pick(*one)) by_test[one->test].push_back(value->value);
    std::vector<double> values;
    for (const auto& [test, passes] : by_test) values.push_back(statistics(passes)->mean);
    return statistics(values);
  }

  void power(int index) {
    const Channel& channel = recording_.channels[static_cast<std::size_t>(index)];
    const PowerSource& source = recording_.sources[static_cast<std::size_t>(channel.source)];
    table_head("power and energy");
    if (source.simulated) line("  " + painted("SIMULATED: these watts come from no sensor", "1;35"));
    row("source",
        fmt::format("{} {}, {}: {}; {} readings, {} failed, {} missed deadlines, {} sessions reopened",
                    shown_name(source), source.address, channel.name, channel.scope, source.reads,
                    source.failures, source.missed, source.reconnects));
    idle(index);
    const auto rows = rows_of(channel);
    energy_line("mean power", rows, "W", [](const EnergyRow& one) { return one.mean; });
    energy_line("peak power", rows, "W", [](const EnergyRow& one) { return one.peak; });
    energy_line("energy, gross", rows, "J", [](const EnergyRow& one) { return one.gross; });
    energy_line("energy, net of idle", rows, "J", [](const EnergyRow& one) { return one.net; });
    uncertainty(rows);
    std::set<std::string> reasons;
    for (const EnergyRow* one : rows)
      if (!one->reason.empty() && reasons.size() < 3)
        reasons.insert(fmt::format("{}: {}", to_text(one->status), one->reason));
    for (const std::string& reason : reasons) row("note", reason);
  }

  void idle(int index) {
    const IdleLevels levels = idle_levels(recording_, index);
    if (!levels.before && !levels.after)
      return row("idle", "not watched (--idle 0, or no reading): net energy is unknown");
    const auto watts = [](const std::optional<Watts>& level) {
      return level ? fmt::format("{:.1f} W", level->value) : "unknown";
    };
    std::string text = fmt::format("before {}, after {}", watts(levels.before), watts(levels.after));
    if (const auto drift = levels.drift()) text += fmt::format(", drift {:+.1f} %", 100 * *drift);
    row("idle", text);
  }

  template <class Pick>
  void energy_line(const char* label, const std::vector<const EnergyRow*>& rows, std::string_view unit,
                   Pick pick) {
    const auto value = energy_statistics(rows, pick);
    if (!value) return;
    if (unit == "J") return numbers(label, *value, unit, std::nullopt, "per execution");
    line("  " + pad_right(label, kLabel) + pad_left(amount(value->mean, unit), kNumber) +
         pad_left(interval(*value), kNumber));
  }

  void uncertainty(const std::vector<const EnergyRow*>& rows) {
    const auto joules = energy_statistics(rows, [](const EnergyRow& one) { return one.uncertainty; });
    const auto gross = energy_statistics(rows, [](const EnergyRow& one) { return one.gross; });
    if (joules && gross && gross->mean > 0)
      line("  " + pad_right("of one execution", kLabel) +
           pad_left("± " + amount(joules->mean, "J"), kNumber) +
           pad_left(fmt::format("± {:.2f} %", 100 * joules->mean / gross->mean), kNumber) +
           "  the sensor's sampling, steps and edges (docs/method.md)");
  }

  void captures() {
    const std::vector<Captured> all = captured(recording_);
    if (all.empty()) return;
    title("captured from the output");
    for (const Captured& one : all) {
      std::string text;
      if (one.distinct.empty())
        text = "never matched";
      else if (one.distinct.size() == 1 && one.missing == 0)
        text = one.distinct.front() + " in all tests";
      else if (const auto value = statistics(one.numbers))
        text = fmt::format("{} {}, from {:.6g} to {:.6g}: not the same in all tests", amount(value->mean, ""),
                           interval(*value), value->least, value->most);
      else
        text = fmt::format("{} different texts, first '{}': not the same in all tests", one.distinct.size(),
                           one.distinct.front());
      if (one.missing > 0 && !one.distinct.empty())
        text += fmt::format("; no match in {} executions", one.missing);
      row(one.name, text);
    }
  }

  void failures() {
    bool first = true;
    for (const Execution& execution : recording_.executions) {
      if (!execution.failed()) continue;
      if (first) title("failed: kept, and left out of every statistic");
      first = false;
      std::vector<std::string> lines = split(trim(execution.output), '\n');
      row(execution.warmup() ? "warm-up" : fmt::format("test {}, pass {}", execution.test, execution.pass),
          fmt::format(
              "{}; last line: {}",
              execution.timed_out ? "timed out" : fmt::format("exit status {}", execution.exit_status),
              lines.back().empty() ? "(printed nothing)" : lines.back()));
    }
  }

  void not_measured() {
    std::vector<std::pair<std::string, std::string>> groups;  // reason, events
    for (std::size_t i = 0; i < recording_.events.size(); ++i) {
      const Event& event = recording_.events[i];
      std::string reason = event.status != CountStatus::ok
                               ? fmt::format("{}: {}", to_text(event.status), event.reason)
                               : unread_reason(static_cast<int>(i));
      if (reason.empty()) continue;
      const auto same =
          std::find_if(groups.begin(), groups.end(), [&](auto& group) { return group.first == reason; });
      if (same == groups.end())
        groups.emplace_back(std::move(reason), event.label());
      else
        same->second += ", " + event.label();
    }
    std::vector<std::string> refusals;
    for (const Note& note : recording_.notes)
      if (note.kind == NoteKind::refusal) refusals.push_back(note.text);
    if (groups.empty() && refusals.empty() && !recording_.sources.empty()) return;
    title("not measured");
    for (const auto& [reason, events] : groups) row(events, reason);
    if (recording_.sources.empty())
      row("power", refusals.empty() ? "not asked for (--power none)" : join(refusals, "; "));
  }

  // Why an event that could be opened has no value in any execution.
  std::string unread_reason(int event) const {
    std::string reason;
    for (const Execution* execution : counted_executions(recording_))
      for (const Reading& reading : execution->readings) {
        if (reading.event != event) continue;
        if (scaled_value(reading)) return "";
        reason = fmt::format("{}: {}", to_text(reading.status), reading.reason);
      }
    return reason;
  }

  void warnings() {
    std::vector<std::string> texts;
    for (const int test : unlike_tests(recording_))
      texts.push_back(fmt::format("test {}: its passes differ by more than 1 % in instructions", test));
    for (const Note& note : recording_.notes)
      if (note.kind == NoteKind::warning)
        texts.push_back(
            fmt::format("at {:.1f} s: {}", to_seconds(note.time - recording_.start).value, note.text));
    if (texts.empty()) return;
    title("warnings");
    for (std::size_t i = 0; i < texts.size() && i < kNotesShown; ++i) row("", texts[i]);
    if (texts.size() > kNotesShown)
      row("", fmt::format("and {} more, in the export", texts.size() - kNotesShown));
  }

  const Recording& recording_;
  std::span<const EnergyRow> energy_;
  const TextStyle& style_;
  std::string text_;
};

}  // namespace

std::string summary(const Recording& recording, std::span<const EnergyRow> energy, const TextStyle& style) {
  return Page(recording, energy, style).text();
}

}  // namespace pw
