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
constexpr std::size_t kLeastChart = 8, kLeastName = 12;

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

// What a line holds where the terminal is `width` columns wide: the numbers of the least use go first.
struct ViewColumns {
  std::size_t name, number, energy, chart;
  bool ends;  // least and most
};

ViewColumns view_columns(std::size_t longest, std::size_t width) {
  ViewColumns fit{longest, 11, 12, 0, true};
  const auto numbers = [&] { return (fit.ends ? 4 : 2) * fit.number + fit.energy + 2 + kLeastChart; };
  if (fit.name + numbers() > width) fit.number = 9, fit.energy = 10;
  if (kLeastName + numbers() > width) fit.ends = false;
  fit.name = std::clamp(width - std::min(width, numbers()), std::min(longest, kLeastName), longest);
  const std::size_t used = fit.name + numbers() - kLeastChart;
  fit.chart = width > used + 1 ? width - used - 1 : 0;
  return fit;
}

// The last columns of a name, which tell it from its neighbours.
std::string end_of(std::string_view name, std::size_t width) {
  if (columns(name) <= width) return std::string(name);
  while (columns(name) + 1 > width) name.remove_prefix(bytes_of(name, 1));
  return "…" + std::string(name);
}

std::string view_line(const ViewColumns& fit, const std::string& name, const std::string& now,
                      const std::string& mean, const std::string& least, const std::string& most,
                      const std::string& energy) {
  std::string line =
      pad_right(end_of(name, fit.name), fit.name) + pad_left(now, fit.number) + pad_left(mean, fit.number);
  if (fit.ends) line += pad_left(least, fit.number) + pad_left(most, fit.number);
  return line + pad_left(energy, fit.energy) + "  ";
}

std::string channel_line(const WatchedChannel& one, const ViewColumns& fit) {
  const PowerStats& stats = one.stats;
  std::string text = view_line(fit, printable(one.source + " " + one.channel.name), watts(stats.now()),
                               watts(stats.mean()), watts(stats.least()), watts(stats.most()),
                               stats.watched().value > 0 ? amount(stats.energy().value, "J") : "-");
  if (!stats.now() && stats.status() != SampleStatus::ok)
    return text + "no reading (" + std::string(to_text(stats.status())) + ")";
  return text + chart(stats, fit.chart);
}

}  // namespace

std::vector<std::string> power_view(const std::vector<WatchedChannel>& channels, Seconds elapsed, int width,
                                    int height) {
  std::size_t longest = 7;
  for (const WatchedChannel& one : channels)
    longest = std::max(longest, columns(printable(one.source + " " + one.channel.name)));
  const auto wide = static_cast<std::size_t>(std::max(width, 1));
  const ViewColumns fit = view_columns(longest, wide);
  // The heading, the line that says how many more there are, and that of the cursor.
  const std::size_t room = height <= 0 ? channels.size() : static_cast<std::size_t>(std::max(height, 4)) - 3;
  const std::size_t shown = channels.size() <= room + 1 ? channels.size() : room;
  std::vector<std::string> lines = {
      shortened(view_line(fit, "channel", "now", "mean", "min", "max", "energy") + clock(elapsed), wide)};
  for (std::size_t i = 0; i < shown; ++i) lines.push_back(shortened(channel_line(channels[i], fit), wide));
  if (shown < channels.size())
    lines.push_back(shortened(
        fmt::format("and {} more channels, all of them at the end", channels.size() - shown), wide));
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
