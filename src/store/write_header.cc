// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/write_header.h"

#include "store/schema.h"

namespace pw {
namespace {

// With variants, arguments of no variant are the command as typed.
void add_variants(Inserter& rows, const Experiment& experiment) {
  const bool only = experiment.variants.empty();
  if (only) rows.add("variants", kOnlyVariant, std::string_view());
  for (const std::string& argument : experiment.command)
    rows.add("arguments", only ? std::optional(kOnlyVariant) : std::nullopt, argument);
  int id = 0;
  for (const Variant& variant : experiment.variants) {
    rows.add("variants", id, variant.label);
    for (const Fact& value : variant.values) rows.add("variant_values", id, value.key, value.value);
    for (const std::string& argument : variant.command) rows.add("arguments", id, argument);
    ++id;
  }
}

void add_experiment(Inserter& rows, const Experiment& experiment) {
  rows.add("experiment", experiment.directory, experiment.label, experiment.tests, experiment.warmups,
           experiment.idle, experiment.pause, experiment.multiplex, experiment.items, experiment.cpus,
           experiment.user, experiment.timeout, experiment.target, experiment.per, experiment.interval,
           experiment.delay);
  add_variants(rows, experiment);
  for (std::size_t i = 0; i < experiment.captures.size(); ++i)
    rows.add("captures", static_cast<int>(i), experiment.captures[i].name, experiment.captures[i].pattern);
}

void add_events(Inserter& rows, const RecordingHeader& header) {
  for (std::size_t i = 0; i < header.events.size(); ++i) {
    const Event& event = header.events[i];
    rows.add("events", static_cast<int>(i), event.name, event.modifier, event.hardware_event, event.meaning,
             event.unit, event.software, to_text(event.scope), to_text(event.status), event.reason,
             event.scale, event.group, event.counted_on, event.floor);
  }
  for (std::size_t i = 0; i < header.passes.size(); ++i) {
    rows.add("passes", static_cast<int>(i + 1), header.passes[i].reason);
    for (const int event : header.passes[i].events) rows.add("pass_events", static_cast<int>(i + 1), event);
  }
}

void add_power(Inserter& rows, const RecordingHeader& header) {
  for (std::size_t i = 0; i < header.sources.size(); ++i) {
    const PowerSource& source = header.sources[i];
    rows.add("sources", static_cast<int>(i), source.name, source.address, source.simulated, source.rate_hz,
             source.reads, source.failures, source.reconnects, source.missed, source.repeats, source.cpu,
             source.late_mean, source.late_most, source.renews, source.seed);
  }
  for (std::size_t i = 0; i < header.channels.size(); ++i) {
    const Channel& channel = header.channels[i];
    rows.add("channels", static_cast<int>(i), channel.source, channel.name, to_text(channel.kind),
             channel.scope, channel.step, channel.refresh, channel.meter, channel.clock_hz,
             channel.sample_error, channel.device, channel.averages);
  }
}

}  // namespace

Result<> write_header(Database& database, const RecordingHeader& header) {
  if (header.experiment.captures.size() > kMostCaptures)
    return fail(Failure::input, "more than " + std::to_string(kMostCaptures) + " captures", "--capture");
  if (header.machine.size() + header.environment.size() + header.experiment.procedure.size() +
          header.peaks.conditions.size() >
      kMostFacts)
    return fail(Failure::measurement, "more than " + std::to_string(kMostFacts) + " facts on the machine");
  if (header.experiment.variants.size() > kMostVariants)
    return fail(Failure::input, "more than " + std::to_string(kMostVariants) + " variants", "-L");
  std::optional<Nanoseconds> start_stop, read;
  if (header.counting_cost) start_stop = header.counting_cost->start_stop, read = header.counting_cost->read;
  Inserter rows(database);
  rows.add("recording", header.version, header.start, header.start_unix_s, std::optional<std::string>(),
           std::optional<std::int64_t>(), start_stop, read);
  add_experiment(rows, header.experiment);
  for (const Fact& fact : header.machine) rows.add("facts", kMachineSection, fact.key, fact.value);
  for (const Fact& fact : header.environment) rows.add("facts", kEnvironmentSection, fact.key, fact.value);
  for (const Fact& fact : header.experiment.procedure)
    rows.add("facts", kProcedureSection, fact.key, fact.value);
  if (header.mark_cost)
    rows.add("facts", kRegionsSection, kMarkCost, std::to_string(header.mark_cost->value));
  if (!header.region_scope.empty()) rows.add("facts", kRegionsSection, kRegionScope, header.region_scope);
  for (const Fact& fact : header.peaks.conditions) rows.add("facts", kPeaksSection, fact.key, fact.value);
  for (const Peak& peak : header.peaks.peaks) {
    const Fact fact = peak_fact(peak);
    rows.add("facts", kPeakSection, fact.key, fact.value);
  }
  add_events(rows, header);
  add_power(rows, header);
  return rows.result();
}

}  // namespace pw
