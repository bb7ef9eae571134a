// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <nlohmann/json.hpp>

#include "base/exit_status.h"
#include "export/export.h"
#include "export/export_ranks.h"
#include "export/export_values.h"
#include "export/json_analysis.h"
#include "export/json_writer.h"

namespace pw {
namespace {

// Members that `key` and `value` make of `all`; of a key that is there twice, the last value in the first
// place.
template <class All, class Key, class Value>
void add_members(JsonWriter& json, const All& all, const Key& key, const Value& value) {
  std::map<std::string_view, std::size_t> last;
  for (std::size_t i = 0; i < all.size(); ++i) last[key(i)] = i;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (const auto at = last.extract(key(i))) json.member(at.key(), value(at.mapped()));
}

void write_facts(JsonWriter& json, const std::vector<Fact>& facts) {
  json.object([&] {
    add_members(
        json, facts, [&](std::size_t i) -> const std::string& { return facts[i].key; },
        [&](std::size_t i) -> const std::string& { return facts[i].value; });
  });
}

void write_peaks(JsonWriter& json, const MachinePeaks& peaks) {
  const auto rows = [&] {
    for (const Peak& one : peaks.peaks)
      json.object("quantity", one.quantity, "unit", peak_unit(one.quantity), "threads", one.threads, "best",
                  one.best(), "median", one.median(), "rates", one.rates, "how", one.how);
  };
  json.object(
      "conditions", [&] { write_facts(json, peaks.conditions); }, "measured", [&] { json.array(rows); });
}

void write_captures(JsonWriter& json, const Recording& recording, const Execution& execution) {
  json.object([&] {
    add_members(
        json, execution.captures,
        [&](std::size_t i) -> const std::string& { return recording.experiment.captures[i].name; },
        [&](std::size_t i) -> const auto& { return execution.captures[i]; });
  });
}

void write_experiment(JsonWriter& json, const Experiment& experiment) {
  const auto captures = [&] {
    for (const Capture& capture : experiment.captures)
      json.object("name", capture.name, "pattern", capture.pattern);
  };
  json.object(
      "command", experiment.command, "directory", experiment.directory, "tests", experiment.tests, "warmups",
      experiment.warmups, "idle_s", experiment.idle, "pause_s", experiment.pause, "multiplex",
      experiment.multiplex, "items", experiment.items, "captures", [&] { json.array(captures); }, "cpus",
      experiment.cpus, "user", experiment.user, "timeout_s", experiment.timeout, "target", experiment.target,
      "per", experiment.per, "interval_s", experiment.interval, "delay_s", experiment.delay);
}

void write_variants(JsonWriter& json, const Recording& recording) {
  for (const Variant& one : recording.experiment.variants)
    json.object(
        "label", one.label, "values", [&] { write_facts(json, one.values); }, "command", one.command);
}

void write_interludes(JsonWriter& json, const Recording& recording) {
  for (const Interlude& one : recording.interludes)
    json.object("command_of", to_text(one.kind), "begin_s", since_start(recording, one.begin), "end_s",
                since_start(recording, one.end));
}

void write_events(JsonWriter& json, const Recording& recording) {
  for (const Event& event : recording.events)
    json.object("event", event.name, "modifier", event.modifier, "hardware_event", event.hardware_event,
                "meaning", event.meaning, "unit", event.unit, "scale", event.scale, "group", event.group,
                "counted_on", event.counted_on, "floor", event.floor, "software", event.software, "scope",
                to_text(event.scope), "passes", event.passes, "status", to_text(event.status), "reason",
                event.reason);
}

void write_passes(JsonWriter& json, const Recording& recording) {
  int number = 0;
  for (const Pass& pass : recording.passes) {
    const auto events = [&] {
      for (const int event : pass.events)
        json.value(recording.events[static_cast<std::size_t>(event)].label());
    };
    json.object(
        "pass", ++number, "events", [&] { json.array(events); }, "reason", pass.reason);
  }
}

void write_sources(JsonWriter& json, const Recording& recording) {
  const auto add = [&](std::string_view key, const auto& value) { json.member(key, value); };
  for (const PowerSource& source : recording.sources)
    json.object([&] {
      add("source", source.name);
      add("address", source.address);
      add("simulated", source.simulated);
      add_readings_of(source, add);
    });
}

void write_execution(JsonWriter& json, const Recording& recording, const Execution& one) {
  const auto of_command = [&](auto used) {
    return power_alone(recording.experiment) ? std::nullopt : std::optional(used);
  };
  const auto signal = one.signal == 0 ? std::nullopt : std::optional(signal_name(one.signal));
  const auto left_out = one.left_out.empty() ? std::nullopt : std::optional(one.left_out);
  const auto add = [&](std::string_view key, const auto& value) { json.member(key, value); };
  json.object([&] {
    add("test", one.test);
    add("pass", one.pass);
    add("begin_s", since_start(recording, one.begin));
    add("end_s", since_start(recording, one.end));
    add("elapsed_s", duration_s(one.end - one.begin));
    add("user_s", of_command(one.user));
    add("sys_s", of_command(one.system));
    add("max_rss_kb", of_command(one.max_rss_kb));
    add("voluntary_switches", of_command(one.voluntary_switches));
    add("involuntary_switches", of_command(one.involuntary_switches));
    add("minor_faults", of_command(one.minor_faults));
    add("major_faults", of_command(one.major_faults));
    add("exit_status", one.exit_status);
    add("signal", signal);
    add("timed_out", one.timed_out);
    add("left_out", left_out);
    add("items", one.items);
    add("captures", [&] { write_captures(json, recording, one); });
    add("before", [&] { write_facts(json, one.before); });
    add("after", [&] { write_facts(json, one.after); });
    for_given(recording, one, add);
    if (const auto& all = recording.experiment.variants; !all.empty())
      add("variant", all[static_cast<std::size_t>(one.variant)].label);
  });
}

void write_executions(JsonWriter& json, const Recording& recording) {
  for (const Execution& execution : recording.executions)
    if (!execution.warmup()) write_execution(json, recording, execution);
}

// A count as a number: exact where ok, rounded where scaled.
std::optional<JsonText> count(const Event& event, const Reading* reading) {
  std::string text = count_text(event, reading);
  if (text.empty()) return std::nullopt;
  if (reading->status == CountStatus::ok && event.scale == 1) return JsonText{std::move(text)};
  return JsonText{nlohmann::json::parse(text).dump()};
}

// `last` is what parts and intervals differ in.
template <class Value>
void write_detail(JsonWriter& json, const DetailRow& row, std::string_view last, const Value& value) {
  json.object("test", row.test, "pass", row.pass, "event", row.event->label(), "unit", row.event->unit,
              "value", count(*row.event, &row.reading), "enabled_ns", row.reading.enabled, "running_ns",
              row.reading.running, "status", to_text(row.reading.status), last, value);
}

void write_parts(JsonWriter& json, const Recording& recording) {
  for_part_rows(recording, [&](const DetailRow& row) { write_detail(json, row, "part", row.part); });
}

void write_region_counts(JsonWriter& json, const Recording& recording, const RegionTotalRow& row) {
  for (const RegionCount& count : row.counts) {
    const Event& event = recording.events[static_cast<std::size_t>(count.event)];
    const auto amount = [&](std::uint64_t value) {
      return amount_of(event, reading_of(*row.execution->regions, count, value));
    };
    json.object("event", event.label(), "value", amount(count.value), "own", amount(count.own), "enabled_ns",
                count.enabled, "running_ns", count.running, "status", to_text(count.status), "reason",
                reading_of(*row.execution->regions, count, 0).reason);
  }
}

void write_region_rows(JsonWriter& json, const Recording& recording) {
  for_region_rows(recording, [&](const RegionTotalRow& row) {
    const auto counts = [&] { json.array([&] { write_region_counts(json, recording, row); }); };
    json.object("test", row.execution->test, "pass", row.execution->pass, "process", row.thread->process,
                "thread", row.thread->thread, "region", row.path, "collector", row.region->collector, "calls",
                row.total->calls, "items", row.total->items, "seconds", duration_s(row.total->total),
                "own_seconds", duration_s(row.total->own), "counts", counts);
  });
}

void write_intervals(JsonWriter& json, const Recording& recording) {
  for_interval_rows(recording, [&](const DetailRow& row) { write_detail(json, row, "time_s", row.time_s); });
}

void write_counters(JsonWriter& json, const Recording& recording) {
  for_counter_rows(recording, [&](const CounterRow& row) {
    const Reading* reading = row.reading;
    const auto nanoseconds = [&](Nanoseconds Reading::*field) {
      return reading ? std::optional(reading->*field) : std::nullopt;
    };
    json.object("test", row.test, "pass", row.pass, "event", row.event->name, "hardware_event",
                row.event->hardware_event, "scope", to_text(row.event->scope), "unit", row.event->unit,
                "value", count(*row.event, reading), "enabled_ns", nanoseconds(&Reading::enabled),
                "running_ns", nanoseconds(&Reading::running), "coverage",
                reading ? coverage_of(*reading) : std::nullopt, "status", to_text(row.status), "reason",
                row.reason);
  });
}

void write_channel(JsonWriter& json, const Channel& channel, const PowerSource& source) {
  const auto add = [&](std::string_view key, const auto& value) { json.member(key, value); };
  add("source", shown_name(source));
  add("channel", channel.name);
  add("kind", to_text(channel.kind));
  add("scope", channel.scope);
  add("simulated", source.simulated);
  add("step", channel.step);
  add("refresh_s", duration_s(channel.refresh));
  add("meter", channel.meter);
  add("clock_hz", channel.clock_hz);
  add("sample_error_w", channel.sample_error);
  add_readings_of(source, add);
  add("late_mean_s", source.late_mean);
  add("late_most_s", source.late_most);
  add("renews_s", source.renews ? std::optional(duration_s(*source.renews)) : std::nullopt);
  add("seed", source.seed);
  add("device", channel.device);
  add("averages_s", averages_s(channel));
}

// Columns of equal length.
void write_samples(JsonWriter& json, const Recording& recording, const ChannelSamples& samples) {
  const auto column = [&](std::string_view key, const auto& value_of) {
    const auto values = [&] {
      for (const PowerSample& sample : samples) json.value(value_of(sample));
    };
    json.member(key, [&] { json.array(values); });
  };
  const auto spread = [&](float PowerSample::*field) {
    return [field](const PowerSample& one) {
      return one.readings > 1 ? std::optional(one.*field) : std::nullopt;
    };
  };
  column("time_s", [&](const PowerSample& one) { return since_start(recording, one.time); });
  column("read_s", [](const PowerSample& one) { return duration_s(one.read); });
  column("watts", [](const PowerSample& one) { return one.watts; });
  column("joules", [](const PowerSample& one) { return one.joules; });
  column("sensor_time", [](const PowerSample& one) { return one.sensor_time; });
  column("status", [](const PowerSample& one) { return to_text(one.status); });
  column("readings", [](const PowerSample& one) { return one.readings; });
  column("least_w", spread(&PowerSample::least));
  column("most_w", spread(&PowerSample::most));
  column("deviation_w", spread(&PowerSample::deviation));
}

void write_power(JsonWriter& json, const Recording& recording) {
  for (std::size_t i = 0; i < recording.channels.size(); ++i)
    json.object([&] {
      write_channel(json, recording.channels[i], source_of(recording, recording.channels[i]));
      write_samples(json, recording, recording.samples.of(i));
    });
}

void write_server(JsonWriter& json, const Recording& recording) {
  for (const ServerBin& bin : recording.server_bins)
    json.object("source", shown_name(recording.sources[static_cast<std::size_t>(bin.source)]), "begin_s",
                since_start(recording, bin.begin), "end_s", since_start(recording, bin.end), "watts",
                bin.watts, "ours", bin.ours, "partitions", bin.partitions, "virtual_io", bin.virtual_io,
                "firmware", bin.firmware, "total", bin.total);
}

void write_windows(JsonWriter& json, const Recording& recording) {
  for (const Window& window : recording.windows)
    json.object("before", window.before, "begin_s", since_start(recording, window.begin), "end_s",
                since_start(recording, window.end));
}

void write_notes(JsonWriter& json, const Recording& recording) {
  for (const Note& note : recording.notes)
    json.object("kind", to_text(note.kind), "time_s", since_start(recording, note.time), "text", note.text);
}

constexpr const char* kFormat = "perfwatt recording";

void write_head(JsonWriter& json, const Recording& recording) {
  const auto add = [&](std::string_view key, const auto& value) { json.member(key, value); };
  add("format", kFormat);
  add("schema", kSchemaVersion);
  add("perfwatt_version", recording.version);
  add("label", recording.experiment.label);
  add("start_unix_s", recording.start_unix_s);
  add("end_s", since_start(recording, recording.end));
  add("interrupted", recording.interrupted());
  add("ending", to_text(recording.ending));
  add("experiment", [&] { write_experiment(json, recording.experiment); });
  add("machine", [&] { write_facts(json, machine_and_cost(recording)); });
  add("environment", [&] { write_facts(json, recording.environment); });
  if (!recording.peaks.empty()) add("peaks", [&] { write_peaks(json, recording.peaks); });
}

// An array of the rows of each variant.
template <class Elements>
void write_by_variant(JsonWriter& json, const Recording& recording, const Analysis& analysis,
                      const Elements& elements) {
  const auto write = [&] {
    for_each_variant(recording, analysis, [&](const Recording& view, const Analysis& one, std::size_t i) {
      const auto& variants = recording.experiment.variants;
      if (!variants.empty()) json.rows_end_with("variant", variants[i].label);
      elements(view, one);
    });
    json.rows_end();
  };
  json.array(write);
}

void write_arranged(JsonWriter& json, const Recording& recording) {
  const auto add = [&](std::string_view key, auto elements) {
    const auto write = [&] { elements(json, recording); };
    json.member(key, [&] { json.array(write); });
  };
  if (!recording.experiment.variants.empty()) add("variants", write_variants);
  if (!recording.interludes.empty()) add("interludes", write_interludes);
  if (!recording.experiment.procedure.empty())
    json.member("procedure", [&] { write_facts(json, recording.experiment.procedure); });
}

void write_tables(JsonWriter& json, const Recording& recording, const Analysis& analysis) {
  const PowerAnalysis& power = analysis.power;
  const auto add = [&](std::string_view key, auto elements, const auto& of) {
    const auto write = [&] { elements(json, of); };
    json.member(key, [&] { json.array(write); });
  };
  const auto add_views = [&](std::string_view key, auto elements) {
    json.member(key, [&] {
      write_by_variant(json, recording, analysis,
                       [&](const Recording& view, const Analysis&) { elements(json, view); });
    });
  };
  const auto add_analyses = [&](std::string_view key, const auto& elements) {
    json.member(key, [&] {
      write_by_variant(json, recording, analysis,
                       [&](const Recording&, const Analysis& one) { elements(one); });
    });
  };
  add("events", write_events, recording);
  add("passes", write_passes, recording);
  add("sources", write_sources, recording);
  add("summary", write_summary, analysis.summary);
  add("executions", write_executions, recording);
  add_views("counters", write_counters);
  add_views("parts", write_parts);
  add_views("intervals", write_intervals);
  add("power", write_power, recording);
  add("server", write_server, recording);
  add_analyses("energy", [&](const Analysis& one) { write_energy(json, one); });
  add("lags", write_lags, power);
  add("samplers", write_samplers, power);
  add_analyses("crosscheck", [&](const Analysis& one) { write_cross_checks(json, one.power.cross_checks); });
  add_analyses("validity", [&](const Analysis& one) { write_validity(json, one.power); });
  add_analyses("findings", [&](const Analysis& one) { write_findings(json, one.findings); });
  add("windows", write_windows, recording);
  add("notes", write_notes, recording);
  write_arranged(json, recording);
  if (analysis.ranks.size > 0) {
    add_views("ranks", write_ranks);
    add_analyses("rank_summary", [&](const Analysis& one) { write_rank_summary(json, one.ranks); });
  }
  if (analysis.ranks.energy) {
    add_analyses("nodes", [&](const Analysis& one) { write_node_energies(json, one.ranks); });
    add_analyses("job_energy", [&](const Analysis& one) {
      if (one.ranks.energy) write_job_energy(json, one.ranks);
    });
  }
  if (recording.regions.empty()) return;
  add_views("regions", write_region_rows);
  add_analyses("region_summary", [&](const Analysis& one) { write_regions(json, recording, one.regions); });
  add_analyses("region_energy",
               [&](const Analysis& one) { write_region_energy(json, recording, one.regions); });
}

}  // namespace

std::vector<Document> export_json(const Recording& recording, const Analysis& analysis) {
  const auto write = [&](Output& out) {
    JsonWriter json(out);
    json.object([&] {
      write_head(json, recording);
      write_tables(json, recording, analysis);
    });
    out.text() += '\n';
  };
  return {{"recording.json", std::string("{\n \"format\": \"") + kFormat, write, true}};
}

}  // namespace pw
