// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/meter/lines.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "power/reader/limits.h"

namespace pw {
namespace {

constexpr double kMostJoules = 1e15;
constexpr double kMostSeconds = 1e11;   // of UNIX time
constexpr double kLeastUnixTime = 1e8;  // seconds: of 1973, and more watts than there are
constexpr std::size_t kMostColumns = 64;

std::vector<std::string> fields_of(std::string_view line, DecimalMark mark) {
  const bool comma = mark == DecimalMark::comma;
  std::vector<std::string> fields = split(line, comma ? ';' : ',');
  for (std::string& field : fields) {
    field = std::string(trim(field));
    if (comma) std::ranges::replace(field, ',', '.');
  }
  return fields;
}

bool all_numbers(const std::vector<std::string>& fields) {
  return std::ranges::all_of(fields, [](auto& field) { return parse_number(field).has_value(); });
}

std::optional<double> number_up_to(double most, std::string_view text) {
  const auto value = parse_number(text);
  if (!value || !std::isfinite(*value) || *value < 0 || *value > most) return std::nullopt;
  return value;
}

// "237.4" -> 0.1; 0 where it is not written with digits alone.
double step_of(std::string_view number) {
  if (number.find_first_not_of("0123456789.") != std::string_view::npos) return 0;
  const std::size_t point = number.find('.');
  if (point == std::string_view::npos) return 1;
  return std::pow(10, -static_cast<double>(number.size() - point - 1));
}

// "gpu_watts" -> "gpu", for the unit "watts"; "" for the unit alone; nothing for any other name.
std::optional<std::string> name_before(const std::string& column, const std::string& unit) {
  if (column == unit) return "";
  if (!column.ends_with("_" + unit) || column.size() <= unit.size() + 1) return std::nullopt;
  return column.substr(0, column.size() - unit.size() - 1);
}

}  // namespace

bool is_meter_comment(std::string_view line) {
  const std::string_view text = trim(line);
  return text.empty() || text.front() == '#';
}

void MeterLines::add(std::string_view bytes) {
  bytes_.erase(0, at_);
  at_ = 0;
  bytes_ += bytes;
}

std::optional<std::string> MeterLines::next() {
  while (true) {
    const std::size_t end = bytes_.find('\n', at_);
    const std::size_t size = std::min(end, bytes_.size()) - at_;
    if (end == std::string::npos && (dropping_ || size <= kLongest)) {
      if (dropping_) at_ = bytes_.size();
      return std::nullopt;
    }
    const std::string line = bytes_.substr(at_, std::min(size, kLongest)) + (size > kLongest ? "..." : "");
    at_ = end == std::string::npos ? bytes_.size() : end + 1;
    const bool rest_of_a_long_one = dropping_;
    dropping_ = end == std::string::npos;
    if (!rest_of_a_long_one) return line;
  }
}

void MeterFormat::add_channel(const std::string& name, ChannelKind kind, std::string scope,
                              std::size_t column) {
  Channel channel;
  channel.name = name;
  channel.kind = kind;
  channel.scope = std::move(scope);
  channel.meter = kMeterExternal;
  channel.device = "column " + std::to_string(column + 1);
  channels_.push_back(std::move(channel));
}

bool is_ambiguous(std::string_view line, DecimalMark mark) {
  const std::vector<std::string> fields = fields_of(line, mark);
  return mark == DecimalMark::point && fields.size() == 2 && all_numbers(fields) &&
         *parse_number(fields[0]) < kLeastUnixTime;
}

std::optional<MeterFormat> MeterFormat::of(std::string_view line, DecimalMark mark) {
  std::vector<std::string> names = fields_of(line, mark);
  if (names.size() > kMostColumns) return std::nullopt;
  MeterFormat format;
  const bool numbers = all_numbers(names);
  const bool one_column = !numbers && names.size() == 1;
  format.mark_ = one_column ? DecimalMark::comma : mark;
  if (numbers && names.size() == 1)
    names = {"watts"};
  else if (numbers && names.size() == 2)
    names = {"time", "watts"};
  else
    format.header_ = std::string(trim(line));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = printable(names[i]);
    format.columns_.push_back({});
    if (name == "time" && !format.time_column_) format.time_column_ = i;
    for (const ChannelKind kind : {ChannelKind::instantaneous, ChannelKind::accumulating}) {
      const auto what = name_before(name, kind == ChannelKind::instantaneous ? "watts" : "joules");
      if (!what) continue;
      format.columns_.back().channel = format.channels_.size();
      format.add_channel(name, kind, what->empty() ? std::string(kWholeMachine) : *what, i);
    }
  }
  if (format.channels_.empty()) return std::nullopt;
  return format;
}

bool MeterFormat::is_header(std::string_view line) const { return !header_.empty() && trim(line) == header_; }

std::optional<MeterRow> MeterFormat::row(std::string_view line) const {
  const std::vector<std::string> fields = fields_of(line, mark_);
  if (fields.size() != columns_.size()) return std::nullopt;
  MeterRow row;
  row.values.resize(channels_.size());
  if (time_column_) {
    const std::string& text = fields[*time_column_];
    row.time = number_up_to(kMostSeconds, text);
    row.time_step = step_of(text);
    if (!row.time) return std::nullopt;
  }
  bool any = false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto channel = columns_[i].channel;
    if (!channel || fields[i].empty()) continue;
    const bool watts = channels_[*channel].kind == ChannelKind::instantaneous;
    row.values[*channel] = number_up_to(watts ? kMostWatts.value : kMostJoules, fields[i]);
    if (!row.values[*channel]) return std::nullopt;
    any = true;
  }
  return any ? std::optional(std::move(row)) : std::nullopt;
}

void MeterFormat::take_steps(std::string_view row) {
  const std::vector<std::string> fields = fields_of(row, mark_);
  for (std::size_t i = 0; i < fields.size() && i < columns_.size(); ++i)
    if (const auto channel = columns_[i].channel) channels_[*channel].step = step_of(fields[i]);
}

}  // namespace pw
