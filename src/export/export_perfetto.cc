// SPDX-License-Identifier: GPL-3.0-or-later
// What happened when, for Perfetto's viewer and its trace_processor. docs/perfetto.md says what is drawn.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "base/text.h"
#include "export/export.h"
#include "export/export_values.h"
#include "export/perfetto_regions.h"
#include "export/perfetto_writer.h"

namespace pw {
namespace {

// Slices of one name. What overlaps, which the executions of a whole recording do not, goes to another track
// of that name.
class Timeline {
 public:
  Timeline(PerfettoWriter& trace, std::string name) : trace_(trace), name_(std::move(name)) {}

  void slice(TraceEvent event, Nanoseconds end) {
    Lane& lane = lane_from(event.time);
    event.track = lane.track;
    trace_.begin_slice(event);
    trace_.end_slice(lane.track, end);
    lane.end = end;
  }

 private:
  struct Lane {
    TrackId track;
    Nanoseconds end;
  };
  static constexpr std::size_t kMostLanes = 64;

  Lane& lane_from(Nanoseconds begin) {
    for (Lane& lane : lanes_)
      if (lane.end <= begin) return lane;
    if (lanes_.size() < kMostLanes) lanes_.push_back({trace_.track(0, name_), {}});
    return lanes_.back();
  }

  PerfettoWriter& trace_;
  std::string name_;
  std::vector<Lane> lanes_;
};

void put_recording(PerfettoWriter& trace, const Recording& recording) {
  const std::string command = join(recording.experiment.command, " ");
  const std::string& label = recording.experiment.label;
  std::vector<TraceArgument> arguments = {
      {"command", command}, {"label", label}, {"version", recording.version}};
  const Machine facts = machine_and_cost(recording);
  std::vector<std::string> keys;
  for (const Fact& fact : facts) keys.push_back("machine." + fact.key);
  for (std::size_t i = 0; i < facts.size(); ++i) arguments.push_back({keys[i], facts[i].value});
  Timeline(trace, "recording")
      .slice({recording.start, 0, "recording", label.empty() ? command : label, arguments}, recording.end);
}

void put_idle(PerfettoWriter& trace, const Recording& recording) {
  Timeline idle(trace, "idle");
  for (const Window& window : recording.windows)
    idle.slice({window.begin, 0, "idle", window.before ? "idle before" : "idle after", {}, true}, window.end);
}

void put_interludes(PerfettoWriter& trace, const Recording& recording) {
  Timeline around(trace, "around the tests");
  for (const Interlude& one : recording.interludes)
    around.slice({one.begin, 0, "around", to_text(one.kind), {}, true}, one.end);
}

std::string_view label_of(const Recording& recording, const Execution& execution) {
  const std::vector<Variant>& all = recording.experiment.variants;
  return all.empty() ? "" : std::string_view(all[static_cast<std::size_t>(execution.variant)].label);
}

std::vector<TraceArgument> arguments_of(const Recording& recording, const Execution& execution) {
  std::vector<TraceArgument> arguments = {{"test", std::int64_t{execution.test}},
                                          {"pass", std::int64_t{execution.pass}},
                                          {"elapsed_s", duration_s(execution.end - execution.begin)}};
  const auto add = [&](std::string_view name, auto value) { arguments.push_back({name, value}); };
  if (const std::string_view label = label_of(recording, execution); !label.empty()) add("variant", label);
  if (!power_alone(recording.experiment)) {
    add("user_s", execution.user.value);
    add("sys_s", execution.system.value);
    add("max_rss_kb", execution.max_rss_kb);
    add("exit_status", std::int64_t{execution.exit_status});
  }
  if (execution.items) add("items", *execution.items);
  for (std::size_t i = 0; i < execution.captures.size(); ++i)
    if (execution.captures[i])
      add(recording.experiment.captures[i].name, std::string_view(*execution.captures[i]));
  if (!execution.left_out.empty()) add("left_out", std::string_view(execution.left_out));
  return arguments;
}

bool has_passes(const Recording& recording) { return recording.passes.size() > 1; }

std::string name_of(const Recording& recording, const Execution& execution) {
  const std::string_view label = label_of(recording, execution);
  std::string name = execution.warmup() ? "warm-up" : "test " + std::to_string(execution.test);
  if (!execution.warmup() && has_passes(recording)) name += ", pass " + std::to_string(execution.pass);
  return label.empty() ? name : name + ": " + std::string(label);
}

void put_executions(PerfettoWriter& trace, const Recording& recording) {
  Timeline executions(trace, "executions");
  for (const Execution& execution : recording.executions) {
    const std::string_view category = execution.warmup() ? "warm-up" : "execution";
    executions.slice({execution.begin, 0, category, name_of(recording, execution),
                      arguments_of(recording, execution), execution.warmup()},
                     execution.end);
  }
}

// From the first of its executions to the last, which follow each other.
void put_tests(PerfettoWriter& trace, const Recording& recording) {
  Timeline tests(trace, "tests");
  const std::vector<Execution>& all = recording.executions;
  for (std::size_t i = 0; i < all.size();) {
    const Execution& first = all[i];
    Nanoseconds end = first.end;
    for (; i < all.size() && all[i].test == first.test; ++i) end = std::max(end, all[i].end);
    if (first.warmup()) continue;
    tests.slice({first.begin, 0, "test", "test " + std::to_string(first.test)}, end);
  }
}

// A counter as bars: what was counted in a time stands from its begin to its end, and 0 while nothing is
// counted.
class Bars {
 public:
  explicit Bars(TrackId track = 0) : track_(track) {}

  void add(PerfettoWriter& trace, Nanoseconds begin, Nanoseconds end, const Event& event,
           const Reading& reading) {
    const std::optional<double> amount = amount_of(event, reading);
    if (!amount) return;
    if (end_ && *end_ != begin) finish(trace);
    const bool exact = reading.status == CountStatus::ok && event.scale == 1;
    if (exact && reading.value <= std::uint64_t{std::numeric_limits<std::int64_t>::max()})
      trace.count(track_, begin, static_cast<std::int64_t>(reading.value));
    else
      trace.count(track_, begin, event.scale == 1 ? std::nearbyint(*amount) : *amount);
    end_ = end;
  }

  void finish(PerfettoWriter& trace) {
    if (end_) trace.count(track_, *end_, std::int64_t{0});
    end_.reset();
  }

 private:
  TrackId track_;
  std::optional<Nanoseconds> end_;
};

// By index of Recording::events.
std::vector<Bars> make_bars(PerfettoWriter& trace, const Recording& recording, std::string_view group,
                            std::string_view remark) {
  std::vector<Bars> bars(recording.events.size());
  const TrackId parent = trace.track(0, group, remark);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const Event& event = recording.events[i];
    if (event.status == CountStatus::ok)
      bars[i] = Bars(trace.counter_track(parent, event.label(), event.unit, event.hardware_event));
  }
  return bars;
}

bool has_readings(const Recording& recording) {
  return std::ranges::any_of(recording.executions, [](const Execution& execution) {
    return execution.of_test() && !execution.readings.empty();
  });
}

// Of readings that gave no count: a mark each, as the bar is missing for another reason than a count of 0.
void put_uncounted(PerfettoWriter& trace, const Recording& recording) {
  TrackId track = 0;
  for (const Execution& execution : recording.executions)
    for (const Reading& reading : execution.readings) {
      const Event& event = recording.events[static_cast<std::size_t>(reading.event)];
      if (!execution.of_test() || amount_of(event, reading)) continue;
      if (track == 0) track = trace.track(0, "not counted");
      const TraceArgument why = {"reason", std::string_view(reading.reason)};
      const std::string name = event.label() + ": " + std::string(to_text(reading.status));
      trace.instant({execution.begin, track, "not-counted", name, {&why, 1}, true});
    }
}

void put_counters(PerfettoWriter& trace, const Recording& recording) {
  if (!has_readings(recording)) return;
  std::vector<Bars> bars =
      make_bars(trace, recording, "counters", "counts of each execution; 0 while nothing is counted");
  for (const Execution& execution : recording.executions)
    for (const Reading& reading : execution.readings) {
      const auto event = static_cast<std::size_t>(reading.event);
      if (execution.of_test())
        bars[event].add(trace, execution.begin, execution.end, recording.events[event], reading);
    }
  for (Bars& each : bars) each.finish(trace);
  put_uncounted(trace, recording);
}

void put_intervals(PerfettoWriter& trace, const Recording& recording) {
  if (!recording.experiment.interval) return;
  std::vector<Bars> bars = make_bars(trace, recording, "counters by interval",
                                     "counts of each interval; 0 while nothing is counted");
  for_interval_rows(recording, [&](const DetailRow& row) {
    bars[static_cast<std::size_t>(row.event - recording.events.data())].add(trace, row.begin, row.end,
                                                                            *row.event, row.reading);
  });
  for (Bars& each : bars) each.finish(trace);
}

// The tracks of a channel, and its last sample with a value.
struct ChannelTracks {
  std::string name;
  TrackId values = 0;
  TrackId power = 0;  // of a channel of joules
  std::optional<PowerSample> last;
};

std::vector<ChannelTracks> make_channel_tracks(PerfettoWriter& trace, const Recording& recording) {
  std::vector<ChannelTracks> all;
  const TrackId parent = trace.track(0, "power", "as the sensors showed it: a value stands until the next");
  for (const Channel& channel : recording.channels) {
    ChannelTracks one;
    one.name = shown_name(source_of(recording, channel)) + " " + channel.name;
    const bool joules = channel.kind == ChannelKind::accumulating;
    one.values = trace.counter_track(parent, one.name, joules ? "J" : "W", channel.scope);
    if (joules)
      one.power =
          trace.counter_track(parent, one.name + ", mean power", "W", "between two readings of its joules");
    all.push_back(std::move(one));
  }
  return all;
}

void put_value(PerfettoWriter& trace, ChannelTracks& tracks, const PowerSample& sample) {
  if (sample.watts) trace.count(tracks.values, sample.time, sample.watts->value);
  if (sample.joules) {
    trace.count(tracks.values, sample.time, sample.joules->value);
    const auto& last = tracks.last;
    if (last && sample.status != SampleStatus::reset && sample.time > last->time)
      trace.count(tracks.power, last->time,
                  (*sample.joules - *last->joules).value / duration_s(sample.time - last->time));
  }
  tracks.last = sample;
}

void put_power(PerfettoWriter& trace, const Recording& recording) {
  if (recording.channels.empty()) return;
  std::vector<ChannelTracks> channels = make_channel_tracks(trace, recording);
  TrackId none = 0;
  for (const PowerSample& sample : recording.samples) {
    ChannelTracks& tracks = channels[static_cast<std::size_t>(sample.channel)];
    if (usable(sample)) {
      put_value(trace, tracks, sample);
      continue;
    }
    if (none == 0) none = trace.track(0, "power readings without a value");
    const std::string name = tracks.name + ": " + std::string(to_text(sample.status));
    trace.instant({sample.time, none, "no-value", name, {}, true});
    tracks.last.reset();
  }
}

void put_notes(PerfettoWriter& trace, const Recording& recording) {
  if (recording.notes.empty()) return;
  const TrackId track = trace.track(0, "notes");
  for (const Note& note : recording.notes) trace.instant({note.time, track, to_text(note.kind), note.text});
}

}  // namespace

std::vector<Document> export_perfetto(const Recording& recording, const Analysis&) {
  const auto write = [&recording](Output& out) {
    PerfettoWriter trace(out);
    trace.begin(recording.start, recording.start_unix_s);
    put_recording(trace, recording);
    put_idle(trace, recording);
    put_interludes(trace, recording);
    if (has_passes(recording)) put_tests(trace, recording);
    put_executions(trace, recording);
    put_regions(trace, recording);
    put_notes(trace, recording);
    put_power(trace, recording);
    put_counters(trace, recording);
    put_intervals(trace, recording);
  };
  return {{"recording.perfetto-trace", PerfettoWriter::beginning(), write, true, false}};
}

}  // namespace pw
