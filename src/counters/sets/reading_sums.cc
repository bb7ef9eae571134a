// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/reading_sums.h"

#include <fmt/format.h>

#include <algorithm>

namespace pw {
namespace {

constexpr const char* kNeverRan =
    "it never ran: nothing to count ran meanwhile, or another user of the PMU held its counter";

void accumulate(Reading& sum, const Reading& one) {
  sum.value += one.value;
  sum.enabled += one.enabled;
  sum.running += one.running;
}

}  // namespace

ReadingSums::Sum& ReadingSums::sum_of(int event) {
  const auto same = std::ranges::find_if(sums_, [&](const Sum& sum) { return sum.reading.event == event; });
  if (same != sums_.end()) return *same;
  sums_.emplace_back().reading.event = event;
  return sums_.back();
}

void ReadingSums::add(const Reading& one) {
  Sum& sum = sum_of(one.event);
  ++sum.counted;
  accumulate(sum.reading, one);
}

void ReadingSums::add_failed(int event, const std::string& why, bool gone) {
  Sum& sum = sum_of(event);
  if (sum.why.empty() || (sum.failed == 0 && !gone)) sum.why = why;
  if (!gone) ++sum.failed;
}

void ReadingSums::add(const ReadingSums& others) {
  for (const Sum& other : others.sums_) {
    Sum& sum = sum_of(other.reading.event);
    accumulate(sum.reading, other.reading);
    if (sum.failed == 0 && (other.failed > 0 || sum.why.empty())) sum.why = other.why;
    sum.counted += other.counted;
    sum.failed += other.failed;
  }
}

std::vector<Reading> ReadingSums::readings() const {
  std::vector<Reading> readings;
  for (const Sum& sum : sums_) {
    Reading one = sum.reading;
    one.status = status_of(one.enabled, one.running);
    if (sum.counted == 0)
      one.reason = sum.why;
    else if (sum.failed > 0)
      one.reason = fmt::format("only {} of {} threads or CPUs were counted: {}", sum.counted,
                               sum.counted + sum.failed, sum.why);
    else if (one.status == CountStatus::not_counted)
      one.reason = kNeverRan;
    if (!one.reason.empty()) one.status = CountStatus::not_counted;
    readings.push_back(std::move(one));
  }
  return readings;
}

}  // namespace pw
