// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/exit_status.h"
#include "export/export.h"
#include "export/export_values.h"
#include "export/json_analysis.h"

namespace pw {
namespace {

Json facts(const std::vector<Fact>& facts) {
  Json object = Json::object();
  for (const Fact& fact : facts) object[fact.key] = fact.value;
  return object;
}

Json experiment(const Experiment& experiment) {
  Json captures = Json::array();
  for (const Capture& capture : experiment.captures)
    captures.push_back({{"name", capture.name}, {"pattern", capture.pattern}});
  return {{"command", experiment.command},
          {"directory", experiment.directory},
          {"tests", experiment.tests},
          {"warmups", experiment.warmups},
          {"idle_s", experiment.idle.value},
          {"pause_s", experiment.pause.value},
          {"multiplex", experiment.multiplex},
          {"items", or_null(experiment.items)},
          {"captures", captures},
          {"cpus", experiment.cpus},
          {"user", experiment.user},
          {"timeout_s", or_null(experiment.timeout)},
          {"target", experiment.target},
          {"per", experiment.per},
          {"interval_s", or_null(experiment.interval)},
          {"delay_s", or_null(experiment.delay)}};
}

Json events(const Recording& recording) {
  Json all = Json::array();
  for (const Event& event : recording.events)
    all.push_back({{"event", event.name},
                   {"modifier", event.modifier},
                   {"hardware_event", event.hardware_event},
                   {"meaning", event.meaning},
                   {"unit", event.unit},
                   {"scale", event.scale},
                   {"group", event.group},
                   {"counted_on", event.counted_on},
                   {"floor", or_null(event.floor)},
                   {"software", event.software},
                   {"scope", to_text(event.scope)},
                   {"passes", event.passes},
                   {"status", to_text(event.status)},
                   {"reason", event.reason}});
  return all;
}

Json passes(const Recording& recording) {
  Json all = Json::array();
  for (const Pass& pass : recording.passes) {
    Json names = Json::array();
    for (const int event : pass.events)
      names.push_back(recording.events[static_cast<std::size_t>(event)].label());
    all.push_back({{"pass", all.size() + 1}, {"events", names}, {"reason", pass.reason}});
  }
  return all;
}

Json sources(const Recording& recording) {
  Json all = Json::array();
  for (const PowerSource& source : recording.sources)
    all.push_back({{"source", source.name},
                   {"address", source.address},
                   {"simulated", source.simulated},
                   {"rate_hz", source.rate_hz},
                   {"reads", source.reads},
                   {"failures", source.failures},
                   {"reconnects", source.reconnects},
                   {"missed", source.missed},
                   {"repeats", source.repeats},
                   {"cpu_s", source.cpu.value}});
  return all;
}

Json executions(const Recording& recording) {
  Json all = Json::array();
  const auto of_command = [&](auto used) { return power_alone(recording.experiment) ? Json() : Json(used); };
  for (const Execution& execution : recording.executions) {
    if (execution.warmup()) continue;
    Json captures = Json::object();
    for (std::size_t i = 0; i < execution.captures.size(); ++i)
      captures[recording.experiment.captures[i].name] = or_null(execution.captures[i]);
    all.push_back({{"test", execution.test},
                   {"pass", execution.pass},
                   {"begin_s", since_start(recording, execution.begin)},
                   {"end_s", since_start(recording, execution.end)},
                   {"elapsed_s", duration_s(execution.end - execution.begin)},
                   {"user_s", of_command(execution.user.value)},
                   {"sys_s", of_command(execution.system.value)},
                   {"max_rss_kb", of_command(execution.max_rss_kb)},
                   {"voluntary_switches", of_command(execution.voluntary_switches)},
                   {"involuntary_switches", of_command(execution.involuntary_switches)},
                   {"minor_faults", of_command(execution.minor_faults)},
                   {"major_faults", of_command(execution.major_faults)},
                   {"exit_status", execution.exit_status},
                   {"signal", execution.signal == 0 ? Json() : Json(signal_name(execution.signal))},
                   {"timed_out", execution.timed_out},
                   {"left_out", execution.left_out.empty() ? Json() : Json(execution.left_out)},
                   {"items", or_null(execution.items)},
                   {"captures", captures},
                   {"before", facts(execution.before)},
                   {"after", facts(execution.after)}});
  }
  return all;
}

// Exact where ok, a rounded number where scaled.
Json count(const Event& event, const Reading& reading) {
  if (reading.status == CountStatus::ok && event.scale == 1) return reading.value;
  const std::optional<double> scaled = scaled_value(reading);
  return scaled ? Json::parse(count_text(event, &reading)) : Json();
}

Json detail(const DetailRow& row) {
  return {{"test", row.test},
          {"pass", row.pass},
          {"event", row.event->label()},
          {"unit", row.event->unit},
          {"value", count(*row.event, row.reading)},
          {"enabled_ns", row.reading.enabled.value},
          {"running_ns", row.reading.running.value},
          {"status", to_text(row.reading.status)}};
}

Json parts(const Recording& recording) {
  Json all = Json::array();
  for (const DetailRow& row : part_rows(recording)) {
    all.push_back(detail(row));
    all.back()["part"] = row.part;
  }
  return all;
}

Json intervals(const Recording& recording) {
  Json all = Json::array();
  for (const DetailRow& row : interval_rows(recording)) {
    all.push_back(detail(row));
    all.back()["time_s"] = row.time_s;
  }
  return all;
}

Json counters(const Recording& recording) {
  Json all = Json::array();
  for (const CounterRow& row : counter_rows(recording)) {
    const Reading* reading = row.reading;
    all.push_back({{"test", row.test},
                   {"pass", or_null(row.pass)},
                   {"event", row.event->name},
                   {"hardware_event", row.event->hardware_event},
                   {"scope", to_text(row.event->scope)},
                   {"unit", row.event->unit},
                   {"value", reading ? count(*row.event, *reading) : Json()},
                   {"enabled_ns", reading ? Json(reading->enabled.value) : Json()},
                   {"running_ns", reading ? Json(reading->running.value) : Json()},
                   {"coverage", reading ? or_null(coverage_of(*reading)) : Json()},
                   {"status", to_text(row.status)},
                   {"reason", row.reason}});
  }
  return all;
}

// A channel with its samples as columns of equal length.
Json power(const Recording& recording) {
  Json all = Json::array();
  for (const Channel& channel : recording.channels) {
    const PowerSource& source = source_of(recording, channel);
    all.push_back({{"source", shown_name(source)},
                   {"channel", channel.name},
                   {"kind", to_text(channel.kind)},
                   {"scope", channel.scope},
                   {"simulated", source.simulated},
                   {"step", channel.step},
                   {"refresh_s", duration_s(channel.refresh)},
                   {"meter", channel.meter},
                   {"clock_hz", channel.clock_hz},
                   {"sample_error_w", channel.sample_error.value},
                   {"rate_hz", source.rate_hz},
                   {"reads", source.reads},
                   {"failures", source.failures},
                   {"reconnects", source.reconnects},
                   {"missed", source.missed},
                   {"repeats", source.repeats},
                   {"cpu_s", source.cpu.value},
                   {"late_mean_s", source.late_mean.value},
                   {"late_most_s", source.late_most.value},
                   {"renews_s", source.renews ? Json(duration_s(*source.renews)) : Json()},
                   {"seed", source.seed},
                   {"device", channel.device},
                   {"averages_s", or_null(averages_s(channel))}});
    for (const char* column : {"time_s", "read_s", "watts", "joules", "sensor_time", "status", "readings",
                               "least_w", "most_w", "deviation_w"})
      all.back()[column] = Json::array();
  }
  for (const PowerSample& sample : recording.samples) {
    Json& channel = all[static_cast<std::size_t>(sample.channel)];
    channel["time_s"].push_back(since_start(recording, sample.time));
    channel["read_s"].push_back(duration_s(sample.read));
    channel["watts"].push_back(or_null(sample.watts));
    channel["joules"].push_back(or_null(sample.joules));
    channel["sensor_time"].push_back(or_null(sample.sensor_time));
    channel["status"].push_back(to_text(sample.status));
    channel["readings"].push_back(sample.readings);
    const auto spread = [&](float watts) { return sample.readings > 1 ? Json(watts) : Json(); };
    channel["least_w"].push_back(spread(sample.least));
    channel["most_w"].push_back(spread(sample.most));
    channel["deviation_w"].push_back(spread(sample.deviation));
  }
  return all;
}

Json windows(const Recording& recording) {
  Json all = Json::array();
  for (const Window& window : recording.windows)
    all.push_back({{"before", window.before},
                   {"begin_s", since_start(recording, window.begin)},
                   {"end_s", since_start(recording, window.end)}});
  return all;
}

Json notes(const Recording& recording) {
  Json all = Json::array();
  for (const Note& note : recording.notes)
    all.push_back(
        {{"kind", to_text(note.kind)}, {"time_s", since_start(recording, note.time)}, {"text", note.text}});
  return all;
}

}  // namespace

std::vector<Document> export_json(const Recording& recording, const Analysis& analysis) {
  const Json document = {{"format", "perfwatt recording"},
                         {"schema", kSchemaVersion},
                         {"perfwatt_version", recording.version},
                         {"label", recording.experiment.label},
                         {"start_unix_s", recording.start_unix_s},
                         {"end_s", since_start(recording, recording.end)},
                         {"interrupted", recording.interrupted()},
                         {"ending", to_text(recording.ending)},
                         {"experiment", experiment(recording.experiment)},
                         {"machine", facts(machine_and_cost(recording))},
                         {"environment", facts(recording.environment)},
                         {"events", events(recording)},
                         {"passes", passes(recording)},
                         {"sources", sources(recording)},
                         {"summary", summary_json(analysis.summary)},
                         {"executions", executions(recording)},
                         {"counters", counters(recording)},
                         {"parts", parts(recording)},
                         {"intervals", intervals(recording)},
                         {"power", power(recording)},
                         {"energy", energy_json(analysis.power)},
                         {"lags", lags_json(analysis.power)},
                         {"samplers", samplers_json(analysis.power)},
                         {"crosscheck", cross_checks_json(analysis.power.cross_checks)},
                         {"validity", validity_json(analysis.power)},
                         {"windows", windows(recording)},
                         {"notes", notes(recording)}};
  // ASCII, so that no text from a stranger reaches a terminal as a control character; what is not UTF-8
  // becomes U+FFFD.
  return {{"recording.json", document.dump(1, ' ', true, Json::error_handler_t::replace) + "\n", true}};
}

}  // namespace pw
