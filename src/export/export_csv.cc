// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <iterator>
#include <optional>
#include <utility>

#include "base/text.h"
#include "export/csv_rows.h"
#include "export/export.h"
#include "export/export_values.h"
#include "model/columns.h"

namespace pw {
namespace {

std::string_view yes_no(bool value) { return value ? "yes" : "no"; }

void add_experiment(Csv& csv, const Experiment& experiment) {
  csv.row("tests", experiment.tests);
  csv.row("warmups", experiment.warmups);
  csv.row("directory", experiment.directory);
  csv.row("idle_s", experiment.idle);
  csv.row("pause_s", experiment.pause);
  csv.row("multiplex", yes_no(experiment.multiplex));
  csv.row("items", experiment.items);
  csv.row("cpus", experiment.cpus);
  csv.row("user", experiment.user);
  csv.row("timeout_s", experiment.timeout);
  if (!experiment.target.empty()) csv.row("target", experiment.target);
  if (!experiment.per.empty()) csv.row("per", experiment.per);
  if (experiment.interval) csv.row("interval_s", experiment.interval);
  if (experiment.delay) csv.row("delay_s", experiment.delay);
}

void add_sources(Csv& csv, const Recording& recording) {
  for (std::size_t i = 0; i < recording.sources.size(); ++i) {
    const PowerSource& source = recording.sources[i];
    const auto add = [&](std::string_view key, const auto& value) {
      csv.row(fmt::format("source.{}.{}", i, key), value);
    };
    add("name", source.name);
    add("address", source.address);
    add("simulated", yes_no(source.simulated));
    add("rate_hz", source.rate_hz);
    add("reads", source.reads);
    add("failures", source.failures);
    add("reconnects", source.reconnects);
    add("missed", source.missed);
    add("repeats", source.repeats);
    add("cpu_s", source.cpu);
  }
}

void add_channels(Csv& csv, const Recording& recording) {
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    const Channel& channel = recording.channels[i];
    const auto add = [&](std::string_view key, const auto& value) {
      csv.row(fmt::format("channel.{}.{}", i, key), value);
    };
    add("source", shown_name(source_of(recording, channel)));
    add("name", channel.name);
    add("scope", channel.scope);
    add("device", channel.device);
    add("averages_s", averages_s(channel));
  }
}

void add_notes(Csv& csv, const Recording& recording, NoteKind kind) {
  int number = 0;
  for (const Note& note : recording.notes)
    if (note.kind == kind) csv.row(fmt::format("{}.{}", to_text(kind), ++number), note.text);
}

Document recording_csv(const Recording& recording) {
  Csv csv;
  csv.row("key", "value");
  csv.row("perfwatt_version", recording.version);
  csv.row("schema", kSchemaVersion);
  csv.row("label", recording.experiment.label);
  std::vector<std::string> command;
  for (const std::string& argument : recording.experiment.command) command.push_back(shell_quoted(argument));
  csv.row("command", join(command, " "));
  csv.row("start_unix_s", recording.start_unix_s);
  csv.row("interrupted", yes_no(recording.interrupted()));
  csv.row("ending", to_text(recording.ending));
  csv.row("end_s", since_start(recording, recording.end));
  add_experiment(csv, recording.experiment);
  for (const Fact& fact : machine_and_cost(recording)) csv.row("machine." + fact.key, fact.value);
  for (const Fact& fact : recording.environment) csv.row("environment." + fact.key, fact.value);
  add_sources(csv, recording);
  add_notes(csv, recording, NoteKind::warning);
  add_notes(csv, recording, NoteKind::refusal);
  add_notes(csv, recording, NoteKind::notice);
  add_channels(csv, recording);
  return csv.document("recording.csv");
}

Document executions_csv(const Recording& recording) {
  Csv csv;
  for (const std::string_view column : kExecutionColumns) csv.field(column);
  for (const Capture& capture : recording.experiment.captures) csv.field(capture.name);
  csv.end_row();
  const auto of_command = [&](const auto& used) {
    return power_alone(recording.experiment) ? std::nullopt : std::optional(used);
  };
  for (const Execution& execution : recording.executions) {
    if (!execution.of_test()) continue;
    csv.field(execution.test);
    csv.field(execution.pass);
    csv.field(since_start(recording, execution.begin));
    csv.field(since_start(recording, execution.end));
    csv.field(duration_s(execution.end - execution.begin));
    csv.field(of_command(execution.user));
    csv.field(of_command(execution.system));
    csv.field(of_command(execution.max_rss_kb));
    csv.field(execution.exit_status);
    csv.field(execution.items);
    for (const std::optional<std::string>& captured : execution.captures) csv.field(captured);
    csv.end_row();
  }
  return csv.document("executions.csv");
}

Document counters_csv(const Recording& recording) {
  Csv csv;
  csv.row("test", "pass", "event", "hardware_event", "scope", "unit", "value", "enabled_ns", "running_ns",
          "coverage", "status", "reason");
  for (const CounterRow& row : counter_rows(recording)) {
    const auto of_reading = [&](auto get) -> std::optional<decltype(get(*row.reading))> {
      if (!row.reading) return std::nullopt;
      return get(*row.reading);
    };
    csv.row(row.test, row.pass, row.event->name, row.event->hardware_event, to_text(row.event->scope),
            row.event->unit, count_text(*row.event, row.reading),
            of_reading([](const Reading& reading) { return reading.enabled.value; }),
            of_reading([](const Reading& reading) { return reading.running.value; }),
            row.reading ? coverage_of(*row.reading) : std::nullopt, to_text(row.status), row.reason);
  }
  return csv.document("counters.csv");
}

Document parts_csv(const Recording& recording) {
  Csv csv;
  csv.row("test", "pass", "part", "event", "unit", "value", "enabled_ns", "running_ns", "status");
  for (const DetailRow& row : part_rows(recording))
    csv.row(row.test, row.pass, row.part, row.event->label(), row.event->unit,
            count_text(*row.event, &row.reading), row.reading.enabled.value, row.reading.running.value,
            to_text(row.reading.status));
  return csv.document("parts.csv");
}

Document intervals_csv(const Recording& recording) {
  Csv csv;
  csv.row("test", "pass", "time_s", "event", "unit", "value", "enabled_ns", "running_ns", "status");
  for (const DetailRow& row : interval_rows(recording))
    csv.row(row.test, row.pass, row.time_s, row.event->label(), row.event->unit,
            count_text(*row.event, &row.reading), row.reading.enabled.value, row.reading.running.value,
            to_text(row.reading.status));
  return csv.document("intervals.csv");
}

Document power_csv(const Recording& recording) {
  std::vector<std::string> channels;  // the columns `source,channel`
  for (const Channel& channel : recording.channels)
    channels.push_back(csv_field(printable(shown_name(source_of(recording, channel)))) + "," +
                       csv_field(printable(channel.name)));
  std::string content = "time_s,read_s,source,channel,watts,joules,status\n";
  const auto number = [](const auto& quantity) { return quantity ? exact_number(quantity->value) : ""; };
  for (const PowerSample& sample : recording.samples)
    fmt::format_to(std::back_inserter(content), "{},{},{},{},{},{}\n", since_start(recording, sample.time),
                   duration_s(sample.read), channels[static_cast<std::size_t>(sample.channel)],
                   number(sample.watts), number(sample.joules), to_text(sample.status));
  return {"power.csv", std::move(content), true};
}

Document summary_csv(const Analysis& analysis) {
  Csv csv;
  csv.row("variant", "quantity", "unit", "n", "mean", "ci95_low", "ci95_high", "median", "min", "max",
          "stddev", "cv", "outliers", "status", "reason");
  for (const SummaryRow& row : analysis.summary)
    csv.row(row.variant, row.quantity, row.unit, row.n, row.mean, row.ci95_low, row.ci95_high, row.median,
            row.least, row.most, row.deviation, row.cv, row.outliers, row.status, row.reason);
  return csv.document("summary.csv");
}

Document energy_csv(const PowerAnalysis& power) {
  Csv csv;
  csv.row("test", "pass", "source", "channel", "seconds", "gross_j", "idle_w", "net_j", "mean_w", "peak_w",
          "uncertainty_j", "coverage", "gross_j_per_item", "net_j_per_item", "status", "reason",
          "net_uncertainty_j");
  for (const ChannelAnalysis& channel : power.channels)
    for (const EnergyRow& row : channel.energy)
      if (row.test > 0)
        csv.row(row.test, row.pass, row.source, row.channel, row.seconds, row.gross, row.idle, row.net,
                row.mean, row.peak, row.uncertainty, row.coverage, row.gross_per_item, row.net_per_item,
                to_text(row.status), row.reason, row.net_uncertainty);
  return csv.document("energy.csv");
}

Document states_csv(const Recording& recording) {
  Csv csv;
  csv.row("test", "pass", "when", "key", "value");
  for (const Execution& execution : recording.executions) {
    if (!execution.of_test()) continue;
    for (const Fact& fact : execution.before)
      csv.row(execution.test, execution.pass, "before", fact.key, fact.value);
    for (const Fact& fact : execution.after)
      csv.row(execution.test, execution.pass, "after", fact.key, fact.value);
  }
  return csv.document("states.csv");
}

Document crosscheck_csv(const PowerAnalysis& power) {
  Csv csv;
  csv.row("scope", "first_source", "first_channel", "second_source", "second_channel", "ratio", "offset_w",
          "lag_s", "compared", "agreeing", "verdict");
  for (const CrossCheck& check : power.cross_checks)
    csv.row(check.scope, check.first_source, check.first_channel, check.second_source, check.second_channel,
            check.ratio, check.offset, check.lag, check.compared, check.agreeing, agreement(check));
  return csv.document("crosscheck.csv");
}

Document validity_csv(const PowerAnalysis& power) {
  Csv csv;
  csv.row("source", "channel", "rule", "verdict", "finding");
  for (const ChannelAnalysis& channel : power.channels)
    for (const RuleResult& rule : channel.validity.rules)
      csv.row(channel.validity.source, channel.validity.channel, rule.rule, to_text(rule.verdict),
              rule.finding);
  return csv.document("validity.csv");
}

}  // namespace

std::vector<Document> export_csv(const Recording& recording, const Analysis& analysis) {
  const PowerAnalysis& power = analysis.power;
  Document parts = parts_csv(recording), intervals = intervals_csv(recording);
  parts.wanted = !recording.experiment.per.empty();
  intervals.wanted = recording.experiment.interval.has_value();
  return {recording_csv(recording), summary_csv(analysis), executions_csv(recording), counters_csv(recording),
          power_csv(recording),     energy_csv(power),     states_csv(recording),     crosscheck_csv(power),
          validity_csv(power),      std::move(parts),      std::move(intervals)};
}

}  // namespace pw
