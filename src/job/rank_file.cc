// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank_file.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "job/lines.h"

namespace pw {
namespace {

constexpr std::string_view kKind = "perfwatt-rank";
constexpr std::int64_t kUnknown = -1;
constexpr std::size_t kMostChannels = 1000;
constexpr std::int64_t kMostCount = std::int64_t{1} << 50, kMostTime = std::int64_t{1} << 60;
constexpr std::int64_t kMostCpuTime = 1'000'000'000'000'000;  // µs

std::int64_t microseconds(Seconds time) { return std::llround(time.value * 1e6); }

Seconds from_microseconds(std::int64_t time) { return {static_cast<double>(time) / 1e6}; }

void add_usage(LineWriter& lines, const RankUsage& usage) {
  lines.begin("usage");
  lines.number(microseconds(usage.user)).number(microseconds(usage.system)).number(usage.max_rss_kb);
  lines.number(usage.voluntary_switches).number(usage.involuntary_switches);
  lines.number(usage.minor_faults).number(usage.major_faults);
  lines.number(usage.exit_status).number(usage.signal);
}

RankUsage usage_of(Line& line) {
  RankUsage usage;
  usage.user = from_microseconds(line.number(0, kMostCount));
  usage.system = from_microseconds(line.number(0, kMostCount));
  for (const auto count :
       {&RankUsage::max_rss_kb, &RankUsage::voluntary_switches, &RankUsage::involuntary_switches,
        &RankUsage::minor_faults, &RankUsage::major_faults})
    usage.*count = line.number(0, kMostCount);
  usage.exit_status = static_cast<int>(line.number(0, 0xffff));
  usage.signal = static_cast<int>(line.number(0, 127));
  return usage;
}

void add_reading(LineWriter& lines, const Reading& reading) {
  lines.begin("reading");
  lines.number(reading.event).hex(reading.value).number(reading.enabled.value).number(reading.running.value);
  lines.word(to_text(reading.status)).rest(reading.reason);
}

Reading reading_of(Line& line, std::size_t events) {
  Reading reading;
  reading.event = static_cast<int>(line.number(0, static_cast<std::int64_t>(events) - 1));
  reading.value = line.hex();
  reading.enabled = {line.number(0, kMostTime)};
  reading.running = {line.number(0, kMostTime)};
  const auto status = count_status(line.word());
  if (!status) line.refuse();
  reading.status = status.value_or(CountStatus::not_counted);
  const bool counted = reading.status == CountStatus::ok || reading.status == CountStatus::scaled;
  if (counted && (reading.enabled.value == 0 || reading.running.value == 0)) line.refuse();
  reading.reason = line.rest();
  return reading;
}

void add_place(LineWriter& lines, const RankPlace& place) {
  lines.begin("rank");
  lines.number(place.rank).number(place.size);
  lines.number(place.local_rank.value_or(kUnknown)).number(place.local_size.value_or(kUnknown));
  for (const auto& [key, text] : {std::pair("launcher", &place.launcher), std::pair("node", &place.node),
                                  std::pair("cpus", &place.cpus), std::pair("numa", &place.numa)}) {
    lines.begin(key);
    lines.rest(*text);
  }
}

// A quantity in millionths; one below 0 is not told.
template <class Quantity>
std::int64_t millionths_of(const std::optional<Quantity>& quantity) {
  return quantity && quantity->value >= 0 ? std::llround(quantity->value * 1e6) : kUnknown;
}

template <class Quantity>
std::optional<Quantity> quantity_of(Line& line, std::int64_t most = kMostTime) {
  const std::int64_t value = line.number(kUnknown, most);
  return value == kUnknown ? std::nullopt : std::optional(Quantity{static_cast<double>(value) / 1e6});
}

constexpr std::pair<const char*, std::string NodePower::*> kPowerTexts[] = {
    {"power-source", &NodePower::source},
    {"power-channel", &NodePower::channel},
    {"power-scope", &NodePower::scope},
    {"power-reason", &NodePower::reason}};

void add_power(LineWriter& lines, const NodePower& power) {
  lines.begin("power");
  lines.number(power.by_run).number(power.readings);
  lines.number(millionths_of(power.energy)).number(millionths_of(power.uncertainty));
  lines.number(millionths_of(power.mean))
      .number(millionths_of(power.least))
      .number(millionths_of(power.most));
  for (const auto& [key, text] : kPowerTexts) {
    if ((power.*text).empty()) continue;
    lines.begin(key);
    lines.rest(power.*text);
  }
}

NodePower node_power_of(Line& line) {
  NodePower power;
  power.by_run = line.number(0, 1) != 0;
  power.readings = line.number(0, kMostCount);
  power.energy = quantity_of<Joules>(line);
  power.uncertainty = quantity_of<Joules>(line);
  power.mean = quantity_of<Watts>(line);
  power.least = quantity_of<Watts>(line);
  power.most = quantity_of<Watts>(line);
  return power;
}

// Of the channel whose line came last. False: none of its keys.
bool take_power_text(std::string_view key, Line& line, RankFile& file) {
  const auto text = std::ranges::find_if(kPowerTexts, [&](const auto& one) { return one.first == key; });
  if (text == std::end(kPowerTexts) || file.power.empty()) return false;
  file.power.back().*text->second = line.rest();
  return true;
}

void add_node_use(LineWriter& lines, const NodeUse& use) {
  lines.begin("node-use");
  lines.number(use.cpus).number(millionths_of(use.busy)).rest(use.reason);
}

NodeUse node_use_of(Line& line) {
  NodeUse use;
  use.cpus = static_cast<int>(line.number(0, kMostNodeCpus));
  use.busy = quantity_of<Seconds>(line, kMostCpuTime);
  use.reason = line.rest();
  return use;
}

std::optional<int> known_number(Line& line) {
  const auto number = static_cast<int>(line.number(kUnknown, kMostRanks));
  return number == kUnknown ? std::nullopt : std::optional(number);
}

bool take_rank(std::string_view text, RankPlace& place) {
  Line line(text);
  if (line.word() != "rank") return false;
  place.rank = static_cast<int>(line.number(0, kMostRanks - 1));
  place.size = static_cast<int>(line.number(place.rank + 1, kMostRanks));
  place.local_rank = known_number(line);
  place.local_size = known_number(line);
  return line.good() && line.ended();
}

tl::unexpected<Error> malformed(const std::string& where, std::string_view line) {
  return fail(Failure::input, "a line that cannot be: " + printable(line.substr(0, line.find(' '))), where);
}

// False: no such key, or not what it may have.
bool take_line(Line line, std::size_t events, RankFile& file) {
  const std::string_view key = line.word();
  const std::pair<std::string_view, std::string*> texts[] = {{"launcher", &file.place.launcher},
                                                             {"node", &file.place.node},
                                                             {"cpus", &file.place.cpus},
                                                             {"numa", &file.place.numa}};
  const auto text = std::ranges::find(texts, key, &std::pair<std::string_view, std::string*>::first);
  if (text != std::end(texts))
    *text->second = line.rest();
  else if (key == "begin")
    file.begin_unix = {line.number(0, kMostTime * 2)};
  else if (key == "elapsed")
    file.elapsed = Nanoseconds{line.number(0, kMostTime / 2)};
  else if (key == "usage")
    file.usage = usage_of(line);
  else if (key == "reading")
    file.readings.push_back(reading_of(line, events));
  else if (key == "power" && file.power.size() < kMostChannels)
    file.power.push_back(node_power_of(line));
  else if (key == "node-use" && !file.node_use)
    file.node_use = node_use_of(line);
  else if (!take_power_text(key, line, file))
    line.refuse();
  return line.good() && line.ended();
}

}  // namespace

std::string rank_file_text(const RankFile& file) {
  LineWriter lines(kKind);
  add_place(lines, file.place);
  lines.begin("begin");
  lines.number(file.begin_unix.value);
  if (file.elapsed) {
    lines.begin("elapsed");
    lines.number(file.elapsed->value);
  }
  if (file.usage) add_usage(lines, *file.usage);
  for (const Reading& reading : file.readings) add_reading(lines, reading);
  for (const NodePower& power : file.power) add_power(lines, power);
  if (file.node_use) add_node_use(lines, *file.node_use);
  return lines.text();
}

Result<RankFile> parse_rank_file(std::string_view text, std::size_t events, const std::string& where) {
  const auto lines = checked_lines(text, kKind, where);
  if (!lines) return pass_on(lines);
  RankFile file;
  if (lines->empty() || !take_rank(lines->front(), file.place)) return malformed(where, "rank");
  for (std::size_t i = 1; i < lines->size(); ++i)
    if (!take_line(Line((*lines)[i]), events, file)) return malformed(where, (*lines)[i]);
  if (file.usage && !file.elapsed) return malformed(where, "usage");
  return file;
}

}  // namespace pw
