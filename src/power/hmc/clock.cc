// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/clock.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr int kLatestYear = 2200;
constexpr double kDrift = 1e-4;  // of two machines' clocks against each other, at most

// Digits alone, and so many.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::int64_t> seconds_of(std::optional<int> year, std::optional<int> month,
                                       std::optional<int> day, std::string_view time) {
  const auto hour = digits(time, 0, 2), minute = digits(time, 3, 2), second = digits(time, 6, 2);
  if (!year || !month || !day || !hour || !minute || !second || time[2] != ':' || time[5] != ':')
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  // What is later than kLatestYear does not fit into nanoseconds.
  if (!date.ok() || *year < 1970 || *year > kLatestYear || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return ((days * 24 + *hour) * 60 + *minute) * 60 + *second;
}

// "Z", "+0100", "-05:00"; nothing: none of these.
std::optional<std::int64_t> zone_offset(std::string_view zone) {
  if (zone == "Z") return 0;
  if (zone.size() != 5 && !(zone.size() == 6 && zone[3] == ':')) return std::nullopt;
  const auto hours = digits(zone, 1, 2), minutes = digits(zone, zone.size() - 2, 2);
  if ((zone[0] != '+' && zone[0] != '-') || !hours || !minutes || *hours > 14 || *minutes > 59)
    return std::nullopt;
  return (zone[0] == '-' ? -60 : 60) * (*hours * 60 + *minutes);
}

}  // namespace

std::optional<std::int64_t> http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  text = trim(text);
  if (text.size() != 29 || !text.ends_with(" GMT") || text[3] != ',') return std::nullopt;
  const auto* month = std::ranges::find(kMonths, text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  return seconds_of(digits(text, 12, 4), static_cast<int>(month - kMonths.begin()) + 1, digits(text, 5, 2),
                    text.substr(17, 8));
}

std::optional<std::int64_t> pcm_time(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T') return std::nullopt;
  const auto local =
      seconds_of(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2), text.substr(11, 8));
  std::string_view zone = text.substr(19);
  if (zone.starts_with('.'))
    zone.remove_prefix(std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
  const auto offset = zone_offset(zone);
  if (!local || !offset) return std::nullopt;
  return *local - *offset;
}

void HmcClock::take(std::string_view date, Nanoseconds asked, Nanoseconds answered) {
  const auto second = http_date(date);
  if (!second) return;
  const Nanoseconds low = asked - Nanoseconds{(*second + 1) * kSecond};
  const Nanoseconds high = answered - Nanoseconds{*second * kSecond};
  if (low_) {
    const auto drift = static_cast<std::int64_t>(kDrift * static_cast<double>((answered - taken_).value));
    low_ = std::max(low, *low_ - Nanoseconds{drift});
    high_ = std::min(high, *high_ + Nanoseconds{drift});
    jumped_ = jumped_ || *high_ < *low_;
  }
  if (!low_ || *high_ < *low_) low_ = low, high_ = high;
  taken_ = answered;
}

Nanoseconds HmcClock::at(std::int64_t unix_s) const {
  return *low_ + doubt() / 2 + Nanoseconds{unix_s * kSecond};
}

std::int64_t HmcClock::unix_s(Nanoseconds time) const { return (time - *low_ - doubt() / 2).value / kSecond; }

bool HmcClock::take_jump() { return std::exchange(jumped_, false); }

}  // namespace pw
