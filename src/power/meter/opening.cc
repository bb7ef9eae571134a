// SPDX-License-Identifier: GPL-3.0-or-later
// How a meter is opened: until it has told a reading, and whose time its lines are of.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/text.h"
#include "power/meter/reader.h"

namespace pw {
namespace {

constexpr std::chrono::milliseconds kPause{5};
constexpr Nanoseconds kClockWatch{1'000'000'000};   // for a fresher line, where the first tells another clock
constexpr Nanoseconds kLeastFollowed{300'000'000};  // a log that is followed goes on within two of its gaps

}  // namespace

void MeterReader::take_log(std::string_view head, std::string_view tail) {
  MeterLines lines;
  lines.add(head);
  while (const auto line = format_ || !ambiguous_.empty() ? std::nullopt : lines.next())
    if (!is_meter_comment(*line)) begin_format(*line);
  lines_.add(tail);
  const HostClocks now = clocks_();
  std::optional<Nanoseconds> before;
  while (const auto line = lines_.next()) {
    const auto row = format_ ? format_->row(*line) : std::nullopt;
    if (row && !std::exchange(has_steps_, true)) format_->take_steps(*line);
    if (!row || !row->time) continue;
    const Nanoseconds time = clock_.ahead(*row->time, row->time_step, now);
    if (const auto last = std::exchange(before, time)) log_gap_ = time - *last;
    if (time >= now.monotonic && (rows_.empty() || time > rows_.back().time))
      rows_.push_back({time, to_nanoseconds({row->time_step}), *row});
  }
  from_log_ = !rows_.empty();
}

Result<> MeterReader::wait_for_row(Nanoseconds patience) {
  const Nanoseconds begin = clocks_().monotonic;
  while (true) {
    collect(kLongestWait);
    if (!ambiguous_.empty() || input_->ended() || settled(begin)) break;
    if (clocks_().monotonic >= begin + patience) break;
    std::this_thread::sleep_for(kPause);
  }
  if (!ambiguous_.empty() || rows_.empty()) return refusal(patience);
  begin_recording();
  return {};
}

// Whether there is a row, and more would say nothing else of whose time it is.
bool MeterReader::settled(Nanoseconds begin) const {
  const Nanoseconds now = clocks_().monotonic;
  if (from_log_) return now >= begin + std::max(kLeastFollowed, log_gap_ * 2);
  return !rows_.empty() && (!clock_.differs() || now >= first_line_ + kClockWatch);
}

void MeterReader::begin_recording() {
  if (!from_log_)
    if (std::string other = clock_.settle(clocks_()); !other.empty()) warnings_.say(std::move(other));
  opening_ = false;
  while (more()) rows_.pop_front();  // before the recording's start
  bad_ = false;
}

Result<> MeterReader::refusal(Nanoseconds patience) const {
  if (!ambiguous_.empty())
    return fail(Failure::not_possible,
                "'" + ambiguous_ + "' is one number with a decimal comma, or a time and a number",
                source_.address,
                "name the columns in a first line, as time,watts; or end the address with ?decimal=comma");
  const std::string line = nonsense_ > 0 ? ": it says '" + first_nonsense_ + "'" : "";
  if (input_->ended())
    return fail(Failure::not_possible, end_text() + " without a reading" + line, source_.address);
  return fail(Failure::not_possible,
              fmt::format("no reading within {:.0f} s", to_seconds(patience).value) + line, source_.address,
              "a line is watts or UNIX-time,watts: see docs/power-meters.md");
}

}  // namespace pw
