// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/history_reader.h"

#include <algorithm>
#include <string>
#include <utility>

namespace pw {
namespace {

// After the end of a bin it is asked for, and until it has come again and again.
constexpr Nanoseconds kComesAfter{3'000'000'000}, kAskAgain{5'000'000'000};
// One whole bin before the first reading shows how the power was there.
constexpr Nanoseconds kBefore = kHistoryBin;

enum HistoryTrouble : long { kNothing = 1, kNoAnswer };

}  // namespace

HistoryReader::HistoryReader(RedfishSession& session, RedfishHistory history)
    : session_(session),
      history_(std::move(history)),
      histories_(history_.supplies.size(), session.now() - kBefore),
      supplies_(history_.supplies.size()) {}

void HistoryReader::heard(Nanoseconds asked, Warnings& warnings) {
  if (const auto told = http_date(session_.last().date)) tell_clock(*told, asked, warnings);
}

void HistoryReader::tell_clock(const ToldTime& time, Nanoseconds asked, Warnings& warnings) {
  if (!clock_.told(time, asked, session_.now())) return;
  histories_.clock_was_set();
  if (worth_saying(++times_set_))
    warnings.say(
        "the BMC's clock was set, or this machine slept: a gap in the history of its power supplies");
}

bool HistoryReader::ask_clock(Warnings& warnings) {
  if (history_.manager.empty()) return true;
  const Nanoseconds asked = session_.now();
  const auto manager = session_.object(history_.manager);
  const auto told = manager ? manager_time(*manager) : std::nullopt;
  if (told) tell_clock(*told, asked, warnings);
  return told.has_value();
}

void HistoryReader::read_into(int first, std::vector<PowerSample>& samples, Warnings& warnings) {
  const Nanoseconds now = session_.now();
  const auto due = std::ranges::min_element(supplies_, {}, &Supply::due);
  if (due == supplies_.end() || due->due > now) return;
  const auto index = static_cast<std::size_t>(due - supplies_.begin());
  const std::size_t before = samples.size();
  const std::size_t part = static_cast<std::size_t>(first) + index;
  if (const auto items = ask(index, part, warnings)) {
    warnings.over(part);
    take(index, *items, samples);
  } else {
    supplies_[index].due = supplies_[index].failed.failed(now) + kAskAgain;
  }
  if (history_.sum) add_sums(samples, warnings);
  for (std::size_t i = before; i < samples.size(); ++i) samples[i].channel += first;
}

// Nothing: it has told none that can be placed in time.
std::optional<std::vector<HistoryItem>> HistoryReader::ask(std::size_t index, std::size_t part,
                                                           Warnings& warnings) {
  const HistorySupply& supply = history_.supplies[index];
  const Nanoseconds asked = session_.now();
  const auto metrics = session_.object(supply.path);
  std::string what = session_.last().what;
  heard(asked, warnings);
  const bool timed = ask_clock(warnings) && clock_.known();
  if (metrics && timed && has_input_history(*metrics)) return input_history(*metrics);
  if (metrics) what = timed ? "no history" : "the BMC tells no time";
  warnings.trouble(part, metrics ? kNothing : kNoAnswer,
                   supply.name + ": " + what + ": its averages of 30 s are unknown meanwhile");
  return std::nullopt;
}

// The channels of the supplies come behind that of the sum.
void HistoryReader::take(std::size_t index, const std::vector<HistoryItem>& items,
                         std::vector<PowerSample>& samples) {
  Supply& supply = supplies_[index];
  const Nanoseconds now = session_.now();
  const std::vector<PowerBin> bins = histories_.take(index, items, clock_, now);
  supply.failed.succeeded();
  supply.due = std::max(now + kAskAgain, histories_.latest(index).value_or(now) + kHistoryBin + kComesAfter);
  if (!history_.each) return;
  const std::size_t begin = samples.size();
  for (const PowerBin& bin : bins) supply.counter.take(bin, samples);
  for (std::size_t i = begin; i < samples.size(); ++i)
    samples[i].channel = static_cast<int>(index) + (history_.sum ? 1 : 0);
}

void HistoryReader::add_sums(std::vector<PowerSample>& samples, Warnings& warnings) {
  for (const PowerBin& bin : histories_.sums(session_.now())) {
    if (!bin.mean && worth_saying(++gaps_))
      warnings.say(history_.channels.front().name +
                   ": not every power supply tells its average of 30 s: a gap");
    sum_.take(bin, samples);
  }
}

}  // namespace pw
