// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "store/load_parts.h"
#include "store/schema.h"

namespace pw {
namespace {

constexpr std::int64_t kMostTests = 10'000'000;
constexpr double kMostUnixSeconds = 1e12;

Result<> fail_rows(const RowSource& source, std::string_view table) {
  return fail(Failure::input, "damaged: " + std::string(table) + " must have one row", source.path);
}

}  // namespace

Result<> load_recording(RowSource& source, Recording& recording) {
  Rows row(source, "recording");
  int rows = 0;
  for (; row.next(); ++rows) {
    recording.version = row.text();
    recording.start = row.time();
    recording.start_unix_s = row.real(0, kMostUnixSeconds);
    recording.ending = row.skip_null() ? Ending::killed : row.one_of(ending_from);
    recording.end = {row.optional_integer(0, kLargest).value_or(0)};
  }
  if (!row.result() || rows == 1) return row.result();
  return fail_rows(source, "recording");
}

Result<> load_experiment(RowSource& source, Recording& recording) {
  Rows row(source, "experiment");
  Experiment& experiment = recording.experiment;
  int rows = 0;
  for (; row.next(); ++rows) {
    experiment.directory = row.text();
    experiment.label = row.text();
    experiment.tests = static_cast<int>(row.integer(0, kMostTests));
    experiment.warmups = static_cast<int>(row.integer(0, kMostTests));
    experiment.idle = row.seconds();
    experiment.pause = row.seconds();
    experiment.multiplex = row.flag();
    experiment.items = row.optional_real(0, Rows::kMostUnits);
    experiment.cpus = row.text();
    experiment.user = row.text();
    experiment.timeout = row.optional_quantity<Seconds>(0, Rows::kMostSeconds);
  }
  if (!row.result() || rows == 1) return row.result();
  return fail_rows(source, "experiment");
}

Result<> load_arguments(RowSource& source, Recording& recording) {
  Rows row(source, "arguments");
  while (row.next()) recording.experiment.command.push_back(row.text());
  return row.result();
}

namespace {

// Layout 4 keeps what counting cost as two more facts on the machine.
void take_cost(Recording& recording) {
  const std::size_t count = recording.machine.size();
  if (count < 2) return;
  const Fact &start_stop = recording.machine[count - 2], &read = recording.machine[count - 1];
  const auto first = parse_integer(start_stop.value), second = parse_integer(read.value);
  if (start_stop.key != "counters_start_stop_ns" || read.key != "counters_read_ns" || !first || !second)
    return;
  recording.counting_cost = CountingCost{{*first}, {*second}};
  recording.machine.resize(count - 2);
}

}  // namespace

Result<> load_facts(RowSource& source, Recording& recording) {
  Rows row(source, "facts");
  while (row.next()) {
    if (recording.machine.size() + recording.environment.size() == kMostFacts) row.problem("too many");
    const std::string section = row.text();
    Fact fact;
    fact.key = row.text();
    fact.value = row.text();
    if (section == kMachineSection)
      recording.machine.push_back(std::move(fact));
    else if (section == kEnvironmentSection)
      recording.environment.push_back(std::move(fact));
    else
      row.problem("of no known section");
  }
  take_cost(recording);
  return row.result();
}

Result<> load_captures(RowSource& source, Recording& recording) {
  Rows row(source, "captures");
  std::vector<Capture>& captures = recording.experiment.captures;
  while (row.next()) {
    row.must_be(captures.size());
    if (captures.size() == kMostCaptures) row.problem("too many");
    Capture capture;
    capture.name = row.text();
    capture.pattern = row.text();
    captures.push_back(std::move(capture));
  }
  return row.result();
}

Result<> load_events(RowSource& source, Recording& recording) {
  Rows row(source, "events");
  while (row.next()) {
    row.must_be(recording.events.size());
    Event event;
    event.name = row.text();
    event.modifier = row.text();
    event.hardware_event = row.text();
    event.meaning = row.text();
    event.unit = row.text();
    event.software = row.flag();
    event.scope = row.one_of(scope_from);
    event.status = row.one_of(count_status);
    event.reason = row.text();
    recording.events.push_back(std::move(event));
  }
  return row.result();
}

namespace {

Result<> load_pass_events(RowSource& source, Recording& recording) {
  Rows row(source, "pass_events");
  while (row.next()) {
    const int pass = row.number_from_1(recording.passes.size());
    const int event = row.index(recording.events.size());
    if (!row.result()) break;
    std::vector<int>& passes = recording.events[static_cast<std::size_t>(event)].passes;
    if (!passes.empty() && passes.back() >= pass) row.problem("out of order, or twice in a pass");
    passes.push_back(pass);
    recording.passes[static_cast<std::size_t>(pass - 1)].events.push_back(event);
  }
  return row.result();
}

}  // namespace

Result<> load_passes(RowSource& source, Recording& recording) {
  Rows row(source, "passes");
  while (row.next()) {
    row.must_be(recording.passes.size() + 1);
    recording.passes.push_back({{}, row.text()});
  }
  if (!row.result()) return row.result();
  return load_pass_events(source, recording);
}

Result<> load_settings(RowSource& source, Recording& recording) {
  Rows row(source, "settings");
  Experiment& experiment = recording.experiment;
  while (row.next()) {
    const std::string key = row.text();
    const std::string value = row.text();
    if (key == "target") experiment.target = value;
    if (key == "per") experiment.per = value;
    const auto seconds = parse_number(value);
    if (key == "interval_s" && seconds) experiment.interval = Seconds{*seconds};
    if (key == "delay_s" && seconds) experiment.delay = Seconds{*seconds};
  }
  return row.result();
}

Result<> load_event_details(RowSource& source, Recording& recording) {
  Rows row(source, "event_details");
  while (row.next()) {
    const int event = row.index(recording.events.size());
    if (!row.result()) break;
    Event& detailed = recording.events[static_cast<std::size_t>(event)];
    detailed.scale = row.real(0, Rows::kMostUnits);
    detailed.group = static_cast<int>(row.integer(0, 100'000));
    detailed.counted_on = row.text();
    detailed.floor = row.optional_real(0, Rows::kMostUnits);
    if (detailed.scale == 0) row.problem("a scale of 0");
  }
  return row.result();
}

Result<> load_sources(RowSource& source, Recording& recording) {
  Rows row(source, "sources");
  while (row.next()) {
    row.must_be(recording.sources.size());
    PowerSource power;
    power.name = row.text();
    power.address = row.text();
    power.simulated = row.flag();
    power.rate_hz = row.real(0, Rows::kMostUnits);
    power.reads = row.integer();
    power.failures = row.integer();
    power.reconnects = row.integer();
    power.missed = row.integer();
    power.repeats = row.integer();
    power.cpu = row.seconds();
    recording.sources.push_back(std::move(power));
  }
  return row.result();
}

Result<> load_channels(RowSource& source, Recording& recording) {
  Rows row(source, "channels");
  while (row.next()) {
    row.must_be(recording.channels.size());
    Channel channel;
    channel.source = row.index(recording.sources.size());
    channel.name = row.text();
    channel.kind = row.one_of(channel_kind);
    channel.scope = row.text();
    channel.step = row.real(0, Rows::kMostUnits);
    recording.channels.push_back(std::move(channel));
  }
  return row.result();
}

Result<> load_channel_details(RowSource& source, Recording& recording) {
  Rows row(source, "channel_details");
  while (row.next()) {
    const int index = row.index(recording.channels.size());
    if (!row.result()) break;
    Channel& channel = recording.channels[static_cast<std::size_t>(index)];
    channel.refresh = row.time();
    channel.meter = row.text();
    channel.clock_hz = row.real(0, Rows::kMostUnits);
  }
  return row.result();
}

Result<> load_channel_samples(RowSource& source, Recording& recording) {
  Rows row(source, "channel_samples");
  while (row.next()) {
    const int index = row.index(recording.channels.size());
    if (!row.result()) break;
    recording.channels[static_cast<std::size_t>(index)].sample_error = {row.real(0, Rows::kMostUnits)};
  }
  return row.result();
}

Result<> load_source_details(RowSource& source, Recording& recording) {
  Rows row(source, "source_details");
  while (row.next()) {
    const int index = row.index(recording.sources.size());
    if (!row.result()) break;
    PowerSource& power = recording.sources[static_cast<std::size_t>(index)];
    power.late_mean = row.seconds();
    power.late_most = row.seconds();
    if (const auto renews = row.optional_integer(0, kLargest)) power.renews = Nanoseconds{*renews};
  }
  return row.result();
}

}  // namespace pw
