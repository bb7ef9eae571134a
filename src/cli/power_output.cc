// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/power_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::array<const char*, 8> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::size_t kLeastChart = 8;

std::string watts(std::optional<Watts> power) { return power ? fmt::format("{:.4g} W", power->value) : "-"; }

// The latest `columns` powers, from the least to the most that was seen; a blank where there was none.
std::string chart(const PowerStats& stats, std::size_t columns) {
  const auto& history = stats.history();
  const std::size_t shown = std::min(columns, history.size());
  std::string text;
  for (std::size_t i = history.size() - shown; i < history.size(); ++i) {
    if (!history[i]) {
      text += ' ';
      continue;
    }
    const double span = (*stats.most() - *stats.least()).value;
    const double height = span > 0 ? (*history[i] - *stats.least()).value / span : 0.5;
    text += kBlocks[static_cast<std::size_t>(height * (kBlocks.size() - 1) + 0.5)];
  }
  return text;
}

std::string clock(Seconds time) {
  const auto whole = static_cast<long>(time.value);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

// To the nearest millionth: what lies below is the noise of sums.
double tidy(double value) { return std::round(value * 1e6) / 1e6; }

// The mean power since the last call, or what is read now where no time was watched yet.
std::optional<Watts> since_told(WatchedChannel& watched) {
  const Joules spent = watched.stats.energy() - watched.told;
  const Seconds length = watched.stats.watched() - watched.told_watched;
  watched.told = watched.stats.energy();
  watched.told_watched = watched.stats.watched();
  if (length.value <= 0) return watched.fresh ? watched.stats.now() : std::nullopt;
  return Watts{tidy((spent / length).value)};
}

std::string_view status_of(WatchedChannel& watched) {
  return std::exchange(watched.fresh, false) ? to_text(watched.stats.status()) : "no-reading";
}

}  // namespace

std::vector<std::string> power_view(const std::vector<WatchedChannel>& channels, Seconds elapsed, int width) {
  std::size_t widest = 7;
  for (const WatchedChannel& one : channels)
    widest = std::max(widest, columns(one.source + " " + one.channel.name));
  const auto line = [&](const std::string& name, const std::string& now, const std::string& mean,
                        const std::string& least, const std::string& most, const std::string& energy) {
    return pad_right(name, widest) + pad_left(now, 11) + pad_left(mean, 11) + pad_left(least, 11) +
           pad_left(most, 11) + pad_left(energy, 12) + "  ";
  };
  std::vector<std::string> lines = {line("channel", "now", "mean", "min", "max", "energy") + clock(elapsed)};
  for (const WatchedChannel& one : channels) {
    const PowerStats& stats = one.stats;
    std::string text = line(printable(one.source + " " + one.channel.name), watts(stats.now()),
                            watts(stats.mean()), watts(stats.least()), watts(stats.most()),
                            stats.watched().value > 0 ? amount(stats.energy().value, "J") : "-");
    const std::size_t used = columns(text), wide = static_cast<std::size_t>(std::max(width, 0));
    if (!stats.now() && stats.status() != SampleStatus::ok)
      text += "no reading (" + std::string(to_text(stats.status())) + ")";
    else
      text += chart(stats, std::max(kLeastChart, wide > used ? wide - used - 1 : 0));
    lines.push_back(shortened(text, std::max<std::size_t>(wide, 1)));
  }
  return lines;
}

std::string power_csv(std::vector<WatchedChannel>& channels, double unix_s) {
  std::string rows;
  for (WatchedChannel& one : channels) {
    const auto power = since_told(one);
    rows += fmt::format("{:.3f},{},{},{},{},{}\n", unix_s, csv_field(one.source), csv_field(one.channel.name),
                        power ? exact_number(power->value) : "",
                        one.stats.watched().value > 0 ? exact_number(tidy(one.stats.energy().value)) : "",
                        status_of(one));
  }
  return rows;
}

std::string power_jsonl(std::vector<WatchedChannel>& channels, double unix_s) {
  std::string rows;
  for (WatchedChannel& one : channels) {
    const auto power = since_told(one);
    nlohmann::ordered_json row = {{"time_s", unix_s}, {"source", one.source}, {"channel", one.channel.name}};
    row["watts"] = power ? nlohmann::ordered_json(power->value) : nlohmann::ordered_json(nullptr);
    row["joules"] = one.stats.watched().value > 0 ? nlohmann::ordered_json(tidy(one.stats.energy().value))
                                                  : nlohmann::ordered_json(nullptr);
    row["status"] = status_of(one);
    rows += row.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }
  return rows;
}

}  // namespace pw
