// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/http/date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t kMostDigits = 9;  // of a fraction of a second

// Digits alone; -1 for what is none.
int digits(std::string_view text) {
  const bool all = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return all ? static_cast<int>(parse_integer(text).value_or(-1)) : -1;
}

// "HH:MM:SS" as seconds; 60 is a leap second.
std::optional<double> time_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const int hour = digits(text.substr(0, 2)), minute = digits(text.substr(3, 2)),
            second = digits(text.substr(6, 2));
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
  return 3600 * hour + 60 * minute + second;
}

std::optional<double> unix_time(int year, int month, int day, std::string_view time) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(std::max(month, 0))),
                                         std::chrono::day(static_cast<unsigned>(std::max(day, 0)))};
  const auto seconds = time_of_day(time);
  if (!date.ok() || !seconds) return std::nullopt;
  return 86400.0 * static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count()) + *seconds;
}

// "Z", "+01:00", "+0100" in seconds.
std::optional<double> offset_of(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int hours = digits(text.substr(1, 2)), minutes = digits(text.substr(text[3] == ':' ? 4 : 3));
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (3600 * hours + 60 * minutes);
}

}  // namespace

std::optional<ToldTime> http_date(std::string_view text) {
  constexpr std::size_t kLength = 29;
  if (text.size() != kLength || !text.ends_with(" GMT") || text[7] != ' ' || text[11] != ' ')
    return std::nullopt;
  const auto month = std::ranges::find(kMonths, text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  const auto unix_s = unix_time(digits(text.substr(12, 4)), static_cast<int>(month - kMonths.begin()) + 1,
                                digits(text.substr(5, 2)), text.substr(17, 8));
  if (!unix_s) return std::nullopt;
  return ToldTime{*unix_s, 1};
}

std::optional<ToldTime> iso_date(std::string_view text) {
  constexpr std::size_t kWhole = 19;  // "2022-07-18T15:41:16"
  if (text.size() <= kWhole || text[4] != '-' || text[7] != '-' || text[10] != 'T') return std::nullopt;
  const auto unix_s = unix_time(digits(text.substr(0, 4)), digits(text.substr(5, 2)),
                                digits(text.substr(8, 2)), text.substr(11, 8));
  ToldTime told;
  std::string_view rest = text.substr(kWhole);
  if (rest[0] == '.') {
    const std::size_t end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    const std::string_view fraction = rest.substr(1, end - 1);
    if (fraction.empty() || fraction.size() > kMostDigits) return std::nullopt;
    told.step = std::pow(10.0, -static_cast<double>(fraction.size()));
    told.unix_s = digits(fraction) * told.step;
    rest = rest.substr(end);
  }
  const auto offset = offset_of(rest);
  if (!unix_s || !offset) return std::nullopt;
  told.unix_s += *unix_s - *offset;
  return told;
}

}  // namespace pw
