// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/power_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "base/text.h"
#include "export/prometheus_text.h"

namespace pw {

struct PowerMetrics::Family {
  MetricFamily family;
  std::optional<double> (*value)(const Watched& watched);
};

const PowerMetrics::Family PowerMetrics::kFamilies[] = {
    {{"perfwatt_power_watts", "Power by the latest reading."},
     [](const Watched& one) {
       return one.stats.now() ? std::optional(one.stats.now()->value) : std::nullopt;
     }},
    {{"perfwatt_energy_joules_total", "Energy since the watch began, of the time that was watched.",
      "counter"},
     [](const Watched& one) {
       return one.stats.watched().value > 0 ? std::optional(one.stats.energy().value) : std::nullopt;
     }},
    {{"perfwatt_power_watched_seconds_total", "Time whose energy is known.", "counter"},
     [](const Watched& one) { return std::optional(one.stats.watched().value); }},
    {{"perfwatt_power_readings_total", "Readings tried.", "counter"},
     [](const Watched& one) { return std::optional(static_cast<double>(one.readings)); }},
    {{"perfwatt_power_failed_readings_total", "Readings that gave no value.", "counter"},
     [](const Watched& one) { return std::optional(static_cast<double>(one.failed)); }},
    {{"perfwatt_power_last_reading_timestamp_seconds", "When the latest reading with a value was made."},
     [](const Watched& one) { return one.last_unix_s; }},
};

namespace {

constexpr MetricFamily kPowerInfo = {"perfwatt_power_info", "The watch, and the version of its perfwatt."};
constexpr MetricFamily kPowerStart = {"perfwatt_power_start_timestamp_seconds", "When the watch began."};
constexpr MetricFamily kSourceUp = {"perfwatt_power_source_up",
                                    "1: the latest reading of the source gave a value; 0: it gave none."};

std::vector<std::string> labelled_sources(const RecordingHeader& header) {
  std::vector<std::string> names;
  for (const PowerSource& source : header.sources) names.push_back(shown_name(source));
  std::vector<std::string> labels;
  for (const std::string& name : made_unique(names)) labels.push_back(prometheus_label("source", name));
  return labels;
}

}  // namespace

PowerMetrics::PowerMetrics(const RecordingHeader& header)
    : start_(header.start),
      start_unix_s_(header.start_unix_s),
      info_(prometheus_label("version", header.version) + "," +
            prometheus_label("label", header.experiment.label)),
      sources_(labelled_sources(header)) {
  std::vector<std::string> labels;
  for (const Channel& channel : header.channels)
    labels.push_back(sources_[static_cast<std::size_t>(channel.source)] + "," +
                     prometheus_label("channel", channel.name));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Channel& channel = header.channels[i];
    Watched watched;
    watched.source = static_cast<std::size_t>(channel.source);
    const auto same = std::count(labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(i), labels[i]);
    watched.labels = labels[i] + "," + prometheus_label("scope", channel.scope);
    if (same > 0) watched.labels += "," + prometheus_label("number", std::to_string(same + 1));
    channels_.push_back(std::move(watched));
  }
}

void PowerMetrics::add(std::span<const PowerSample> samples) {
  for (const PowerSample& sample : samples) {
    Watched& watched = channels_[static_cast<std::size_t>(sample.channel)];
    watched.stats.add(sample);
    ++watched.readings;
    watched.up = usable(sample);
    if (watched.up)
      watched.last_unix_s = start_unix_s_ + to_seconds(sample.time - start_).value;
    else
      ++watched.failed;
  }
}

// By the channels that were read: before the first reading nothing is known.
std::string PowerMetrics::sources_up() const {
  std::string text;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    std::optional<bool> up;
    for (const Watched& one : channels_)
      if (one.source == i && one.readings > 0) up = up.value_or(false) || one.up;
    if (up) put_sample(text, kSourceUp.name, sources_[i], *up ? 1 : 0);
  }
  return text;
}

std::string PowerMetrics::text() const {
  std::string text;
  put_family(text, kPowerInfo);
  put_sample(text, kPowerInfo.name, info_, 1);
  put_family(text, kPowerStart);
  text += fmt::format("{} {}\n", kPowerStart.name, exact_number(start_unix_s_));
  put_family(text, kSourceUp);
  text += sources_up();
  for (const Family& one : kFamilies) {
    put_family(text, one.family);
    for (const Watched& channel : channels_)
      if (const auto value = one.value(channel)) put_sample(text, one.family.name, channel.labels, *value);
  }
  return text;
}

}  // namespace pw
