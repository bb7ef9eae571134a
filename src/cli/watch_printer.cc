// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/watch_printer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "cli/common.h"

namespace pw {
namespace {

constexpr std::size_t kHistory = 500;  // columns of the widest chart

}  // namespace

WatchPrinter::WatchPrinter(const RecordingHeader& header, const std::string& format)
    : format_(format), start_unix_s_(header.start_unix_s) {
  for (const Channel& channel : header.channels)
    channels_.push_back(
        {shown_name(source_of(header, channel)), channel, PowerStats(kHistory), false, {}, {}});
}

void WatchPrinter::begin() {
  if (format_ == "csv") fmt::print("{}", kPowerColumns);
}

void WatchPrinter::samples(std::span<const PowerSample> samples) {
  for (const PowerSample& sample : samples) {
    WatchedChannel& watched = channels_[static_cast<std::size_t>(sample.channel)];
    watched.stats.add(sample);
    watched.fresh = true;
  }
}

void WatchPrinter::note(const Note& note) {
  clear();
  warn(note.text);
}

bool WatchPrinter::interval(Seconds elapsed) {
  const double unix_s = start_unix_s_ + elapsed.value;
  if (format_ == "csv") fmt::print("{}", power_csv(channels_, unix_s));
  if (format_ == "jsonl") fmt::print("{}", power_jsonl(channels_, unix_s));
  if (format_ == "view") draw(elapsed);
  return std::fflush(stdout) == 0;
}

void WatchPrinter::end(Seconds elapsed) {
  if (format_ == "view" || format_ == "summary") draw(elapsed);
}

void WatchPrinter::draw(Seconds elapsed) {
  clear();
  const auto lines = power_view(channels_, elapsed, terminal_width(STDOUT_FILENO));
  for (const std::string& line : lines) fmt::print("{}\n", line);
  drawn_ = lines.size();
  std::fflush(stdout);
}

void WatchPrinter::clear() {
  if (drawn_ > 0) fmt::print("\x1b[{}A\x1b[J", drawn_);
  std::fflush(stdout);
  drawn_ = 0;
}

}  // namespace pw
