// SPDX-License-Identifier: GPL-3.0-or-later
// Power over time, and what ran when.
#include <cmath>
#include <cstdint>

#include "export/export_values.h"
#include "model/main_channel.h"
#include "report/page/base64.h"
#include "report/page/key_figures.h"
#include "report/page/page_parts.h"

namespace pw {
namespace {

template <class Number, class Value>
void column(JsonWriter& json, std::string_view key, const PowerLine& line, const Value& value) {
  std::vector<Number> all;
  all.reserve(line.points.size());
  for (const PowerPoint& point : line.points) all.push_back(value(point));
  json.member(key, base64_of<Number>(all));
}

// The nearest float on the outer side: what a page shows as the least is not above it.
float below(double value) {
  const auto near = static_cast<float>(value);
  return near > value ? std::nextafter(near, -INFINITY) : near;
}
float above(double value) { return -below(-value); }

void write_line(JsonWriter& json, const PowerLine& line) {
  column<double>(json, "time", line, [](const PowerPoint& one) { return one.time; });
  column<float>(json, "mean", line, [](const PowerPoint& one) { return static_cast<float>(one.watts); });
  if (line.decimated) {
    column<float>(json, "min", line, [](const PowerPoint& one) { return below(one.least); });
    column<float>(json, "max", line, [](const PowerPoint& one) { return above(one.most); });
  }
  json.member("failed", base64_of<double>(line.failed));
}

std::optional<double> watts_of(const std::optional<IdleLevel>& level) {
  return level ? std::optional(level->level.value) : std::nullopt;
}

void write_channel(JsonWriter& json, const PageRecording& one, std::size_t index) {
  const Channel& channel = one.recording.channels[index];
  const PowerSource& source = source_of(one.recording, channel);
  const ChannelAnalysis& known = one.analysis.power.channels[index];
  json.object([&] {
    json.member("prefix", channel_prefix(one.recording, index));
    json.member("source", shown_name(source));
    json.member("channel", channel.name);
    json.member("scope", channel.scope);
    json.member("meter", channel.meter);
    json.member("kind", to_text(channel.kind));
    json.member("simulated", source.simulated);
    json.member("main", main_channel(one.recording) == index);
    json.member("idle_before", watts_of(known.idle.before));
    json.member("idle_after", watts_of(known.idle.after));
    json.member("decimated", known.line.decimated);
    json.member("doubts", known.doubts);
    write_line(json, known.line);
  });
}

void write_spans(JsonWriter& json, const Recording& recording) {
  std::vector<std::int32_t> numbers;  // test, pass, and whether it counts
  std::vector<double> times;          // begin, end
  for (const Execution& one : recording.executions) {
    numbers.insert(numbers.end(), {one.test, one.pass, one.warmup() || counts(one)});
    times.insert(times.end(), {since_start(recording, one.begin), since_start(recording, one.end)});
  }
  json.member("executions", base64_of<std::int32_t>(numbers));
  json.member("times", base64_of<double>(times));
}

void write_windows(JsonWriter& json, const Recording& recording) {
  for (const Window& window : recording.windows)
    json.object("before", window.before, "begin_s", since_start(recording, window.begin), "end_s",
                since_start(recording, window.end));
}

}  // namespace

void write_power_lines(JsonWriter& json, const PageRecording& one) {
  write_spans(json, one.recording);
  json.member("windows", [&] { json.array([&] { write_windows(json, one.recording); }); });
  json.member("why_no_power", one.recording.channels.empty() ? why_no_power(one.recording) : "");
  json.member("channels", [&] {
    json.array([&] {
      for (std::size_t i = 0; i < one.recording.channels.size(); ++i) write_channel(json, one, i);
    });
  });
}

}  // namespace pw
