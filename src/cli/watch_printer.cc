// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/watch_printer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/text_width.h"
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
  if (format_ == "view") draw(elapsed, terminal_height(STDOUT_FILENO));
  return std::fflush(stdout) == 0;
}

void WatchPrinter::end(Seconds elapsed) {
  if (format_ == "view" || format_ == "summary") draw(elapsed, 0);
}

void WatchPrinter::draw(Seconds elapsed, int height) {
  clear();
  drawn_ = power_view(channels_, elapsed, terminal_width(STDOUT_FILENO), height);
  for (const std::string& line : drawn_) fmt::print("{}\n", line);
  std::fflush(stdout);
}

// A terminal that has become narrower has broken the lines.
void WatchPrinter::clear() {
  const auto width = static_cast<std::size_t>(std::max(1, terminal_width(STDOUT_FILENO)));
  std::size_t rows = 0;
  for (const std::string& line : drawn_)
    rows += std::max<std::size_t>(1, (columns(line) + width - 1) / width);
  if (rows > 0) fmt::print("\x1b[{}A\x1b[J", rows);
  std::fflush(stdout);
  drawn_.clear();
}

}  // namespace pw
