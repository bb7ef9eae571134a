// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/meter/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/exit_status.h"
#include "base/text.h"
#include "power/reader/reading.h"

namespace pw {
namespace {

constexpr double kLeastHz = 10;
constexpr std::size_t kBlock = 64 * 1024;
constexpr std::size_t kMostBytes = 4 * kBlock;  // in one reading, however much there is
constexpr std::size_t kMostRows = 10'000;       // that wait
constexpr std::size_t kShownLine = 80;          // of a line that is no row
constexpr std::size_t kGaps = 20, kEnoughGaps = 3;
constexpr Nanoseconds kLeastSilence{2'000'000'000};
constexpr int kSilentGaps = 5;
constexpr Nanoseconds kRhythmUnknown{10'000'000'000};
// What can be wrong with a meter as a whole.
constexpr std::size_t kMeter = 0;
enum Trouble : long { kEnded, kSilent, kTooMany };
constexpr std::string_view kExit = "#exit ";

}  // namespace

MeterReader::MeterReader(std::string name, std::string address, double rate_hz, DecimalMark mark,
                         std::unique_ptr<MeterInput> input, HostClocks (*clocks)())
    : input_(std::move(input)), clocks_(clocks), mark_(mark) {
  source_ = power_source(std::move(name), std::move(address), std::max(rate_hz, kLeastHz));
  period_ = to_nanoseconds({1 / source_.rate_hz});
  looked_ = heard_ = clocks_().monotonic;
}

std::vector<Channel> MeterReader::channels() const {
  return format_ ? format_->channels() : std::vector<Channel>{};
}

std::string MeterReader::end_text() const {
  const auto status = parse_integer(exit_status_);
  return std::string("the program ended") + (status ? " with " + exit_text(static_cast<int>(*status)) : "");
}

void MeterReader::collect(Nanoseconds wait) {
  std::array<char, kBlock> block;
  for (std::size_t all = 0; all < kMostBytes && !input_->ended();) {
    const MeterInput::Came came = input_->read(block.data(), block.size(), all == 0 ? wait : Nanoseconds{});
    const HostClocks now = clocks_();
    const Nanoseconds before = std::exchange(looked_, now.monotonic);
    const Nanoseconds since = came.just_now ? now.monotonic : before;
    if (came.size == 0) break;
    all += came.size;
    lines_.add({block.data(), came.size});
    while (const auto line = lines_.next()) take_line(*line, now, since);
  }
  for (std::string& warning : input_->take_warnings()) warnings_.say(std::move(warning));
}

void MeterReader::begin_format(const std::string& line) {
  if (is_ambiguous(line, mark_))
    ambiguous_ = printable(line.substr(0, kShownLine));
  else
    format_ = MeterFormat::of(line, mark_);
}

void MeterReader::take_line(const std::string& line, HostClocks now, Nanoseconds since) {
  if (line.starts_with(kExit)) exit_status_ = printable(line.substr(kExit.size(), 3));
  if (is_meter_comment(line) || (format_ && format_->is_header(line))) return;
  if (!format_) {
    begin_format(line);
    if (!ambiguous_.empty() || (format_ && format_->is_header(line))) return;
  }
  auto row = format_ ? format_->row(line) : std::nullopt;
  if (!row) return nonsense(line);
  if (!std::exchange(has_steps_, true)) format_->take_steps(line);
  heard_ = now.monotonic;
  if (std::exchange(from_log_, false)) rows_.clear(), clock_ = {};
  if (row->time) return take_stamped(std::move(*row), now);
  const Nanoseconds span = now.monotonic - since;
  if (!rows_.empty()) rows_.pop_back();  // the newest is what counts
  rows_.push_back({since + Nanoseconds{span.value / 2}, span, std::move(*row)});
}

void MeterReader::take_stamped(MeterRow row, HostClocks now) {
  if (opening_) {
    if (rows_.empty()) first_line_ = now.monotonic;
    clock_.watch(*row.time, row.time_step, now);
    rows_.push_back({now.monotonic, {}, std::move(row)});
    if (rows_.size() > 1) rows_.pop_front();
    return;
  }
  MeterClock::Stamp stamp = clock_.take(*row.time, row.time_step, now);
  if (!stamp.warning.empty() && worth_saying(++jumps_)) warnings_.say(stamp.warning);
  if (stamp.verdict == MeterClock::Verdict::bad) bad_ = true;
  if (stamp.verdict != MeterClock::Verdict::good) return;
  keep({stamp.time, to_nanoseconds({row.time_step}), std::move(row)});
}

// A flood is thinned out to two rows per reading.
void MeterReader::keep(Timed timed) {
  const std::optional<Nanoseconds> before = rows_.empty() ? last_ : rows_.back().time;
  if (before && timed.time <= *before) return;
  const std::optional<Nanoseconds> second = rows_.size() > 1 ? rows_[rows_.size() - 2].time : last_;
  if (!rows_.empty() && second && rows_.back().time - *second < Nanoseconds{period_.value / 2})
    rows_.pop_back();
  rows_.push_back(std::move(timed));
  if (rows_.size() <= kMostRows) return;
  rows_.pop_front();
  warnings_.trouble(kMeter, kTooMany, "it sends more rows than can be kept");
}

void MeterReader::nonsense(const std::string& line) {
  bad_ = true;
  const std::string shown = printable(line.substr(0, kShownLine));
  if (++nonsense_ == 1) {
    first_nonsense_ = shown;
    warnings_.say("a line that is no reading: '" + shown + "'");
  } else if (worth_saying(nonsense_)) {
    warnings_.say(fmt::format("{} lines so far were no readings, the last '{}'", nonsense_, shown));
  }
}

bool MeterReader::more() const { return !rows_.empty() && rows_.front().time <= clocks_().monotonic; }

void MeterReader::read_into(std::vector<PowerSample>& samples) {
  if (!more()) collect(std::min(kLongestWait, period_ * 9 / 10));
  if (!more()) {
    samples = nothing_read(clocks_().monotonic);
    return;
  }
  const Timed timed = std::move(rows_.front());
  rows_.pop_front();
  bad_ = false;
  warnings_.over(kMeter);
  if (last_) gaps_.push_back(timed.time - *last_);
  if (gaps_.size() > kGaps) gaps_.pop_front();
  last_ = timed.time;
  add_samples(timed, samples);
}

std::optional<Nanoseconds> MeterReader::renews() const {
  if (gaps_.size() < kEnoughGaps) return std::nullopt;
  std::vector<Nanoseconds> sorted(gaps_.begin(), gaps_.end());
  std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2));
  return sorted[sorted.size() / 2];
}

void MeterReader::add_samples(const Timed& timed, std::vector<PowerSample>& samples) {
  const std::vector<Channel>& channels = format_->channels();
  while (counters_.size() < channels.size())
    counters_.emplace_back(EnergyRules<double>{.cap = power_cap(channels[counters_.size()], {})});
  samples.resize(channels.size());
  for (std::size_t i = 0; i < channels.size(); ++i) {
    PowerSample& sample = samples[i];
    sample.channel = static_cast<int>(i);
    sample.time = timed.time;
    sample.read = timed.read;
    if (timed.row.time) sample.sensor_time = static_cast<std::int64_t>(*timed.row.time);
    const auto value = timed.row.values[i];
    if (!value)
      sample.status = SampleStatus::error;
    else if (channels[i].kind == ChannelKind::instantaneous)
      sample.watts = Watts{*value};
    else
      take_count(counters_[i], *value, channels[i].name, sample, warnings_);
  }
}

// Nothing new is no failure, unless it is time for something.
std::vector<PowerSample> MeterReader::nothing_read(Nanoseconds now) {
  if (input_->ended()) {
    warnings_.trouble(kMeter, kEnded, end_text());
    return failed(SampleStatus::session_lost, now);
  }
  if (std::exchange(bad_, false)) return failed(SampleStatus::error, now);
  const auto rhythm = renews();
  const Nanoseconds silence = rhythm ? std::max(kLeastSilence, *rhythm * kSilentGaps) : kRhythmUnknown;
  if (now - std::max(heard_, last_.value_or(heard_)) < silence) return {};
  warnings_.trouble(kMeter, kSilent,
                    fmt::format("no reading for more than {:.1f} s", to_seconds(silence).value));
  return failed(SampleStatus::timeout, now);
}

std::vector<PowerSample> MeterReader::failed(SampleStatus status, Nanoseconds now) {
  std::vector<PowerSample> samples(format_ ? format_->channels().size() : 1);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i].channel = static_cast<int>(i);
    samples[i].time = now;
    samples[i].status = status;
  }
  return samples;
}

std::vector<std::string> MeterReader::take_warnings() { return warnings_.take(); }

}  // namespace pw
