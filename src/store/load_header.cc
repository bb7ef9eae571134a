// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "store/load_parts.h"
#include "store/schema.h"

namespace pw {
namespace {

constexpr std::int64_t kMostTests = 10'000'000;
constexpr std::int64_t kMostGroups = 100'000;
constexpr double kMostUnixSeconds = 1e12;

}  // namespace

Result<> load_recording(RowSource& source, Recording& recording) {
  Rows row(source, "recording");
  while (row.next()) {
    recording.version = row.text();
    recording.start = row.duration();
    source.start = recording.start;
    recording.start_unix_s = row.real(-kMostUnixSeconds, kMostUnixSeconds);
    recording.ending = row.skip_null() ? Ending::killed : row.one_of(ending_from);
    if (recording.under_way()) row.problem("no ending");
    recording.end = row.skip_null() ? Nanoseconds{0} : row.time();
    const auto start_stop = row.optional_integer(0, kLargest), read = row.optional_integer(0, kLargest);
    if (start_stop.has_value() != read.has_value()) row.problem("the other is not there");
    if (start_stop && read) recording.counting_cost = CountingCost{{*start_stop}, {*read}};
  }
  return row.result_of_one();
}

Result<> load_experiment(RowSource& source, Recording& recording) {
  Rows row(source, "experiment");
  Experiment& experiment = recording.experiment;
  while (row.next()) {
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
    experiment.timeout = row.optional_seconds();
    experiment.target = row.text();
    experiment.per = row.text();
    experiment.interval = row.optional_seconds();
    experiment.delay = row.optional_seconds();
  }
  return row.result_of_one();
}

namespace {

Nanoseconds next_cost(Rows& row, const std::string& text) {
  const auto cost = parse_integer(text);
  if (!cost || *cost < 0 || *cost > kLargest) row.problem("no cost of a mark");
  return {row.result() ? *cost : 0};
}

void add_peak(Rows& row, const Fact& fact, MachinePeaks& peaks) {
  auto peak = peak_of(fact);
  if (!peak || peaks.peaks.size() == kMostPeaks) return row.problem("no peak");
  peaks.peaks.push_back(std::move(*peak));
}

}  // namespace

Result<> load_facts(RowSource& source, Recording& recording) {
  Rows row(source, "facts");
  while (row.next()) {
    std::vector<Fact>& procedure = recording.experiment.procedure;
    std::vector<Fact>& conditions = recording.peaks.conditions;
    if (recording.machine.size() + recording.environment.size() + procedure.size() + conditions.size() ==
        kMostFacts)
      row.problem("too many");
    const std::string section = row.text();
    Fact fact;
    fact.key = row.text();
    fact.value = row.text();
    if (section == kMachineSection)
      recording.machine.push_back(std::move(fact));
    else if (section == kEnvironmentSection)
      recording.environment.push_back(std::move(fact));
    else if (section == kProcedureSection)
      procedure.push_back(std::move(fact));
    else if (section == kRegionsSection && fact.key == kMarkCost)
      recording.mark_cost = next_cost(row, fact.value);
    else if (section == kRegionsSection && fact.key == kRegionScope)
      recording.region_scope = std::move(fact.value);
    else if (section == kPeaksSection)
      conditions.push_back(std::move(fact));
    else if (section == kPeakSection)
      add_peak(row, fact, recording.peaks);
    else
      row.problem("of no known section");
  }
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
    event.scale = row.real(0, Rows::kMostUnits);
    if (event.scale == 0) row.problem("a scale of 0");
    event.group = static_cast<int>(row.integer(0, kMostGroups));
    event.counted_on = row.text();
    event.floor = row.optional_real(0, Rows::kMostUnits);
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
    power.late_mean = row.seconds();
    power.late_most = row.seconds();
    if (const auto renews = row.optional_integer(0, kLargest)) power.renews = Nanoseconds{*renews};
    power.seed = row.any_integer();
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
    channel.refresh = row.duration();
    channel.meter = row.text();
    channel.clock_hz = row.real(0, Rows::kMostUnits);
    channel.sample_error = {row.real(0, Rows::kMostUnits)};
    channel.device = row.text();
    channel.averages = row.duration();
    recording.channels.push_back(std::move(channel));
  }
  return row.result();
}

}  // namespace pw
