// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/regions/stretches.h"

#include <algorithm>

namespace pw {
namespace {

// Of one thread, whose occurrences come in the order of their begins.
class Innermost {
 public:
  Innermost(std::vector<RegionStretch>& out, Nanoseconds start, Nanoseconds end)
      : out_(out), start_(start), end_(end) {}

  void add(const RegionOccurrence& one) {
    go_to(one.begin);
    open_.push_back(&one);
  }
  void finish() { go_to(end_); }

 private:
  void go_to(Nanoseconds time) {
    while (!open_.empty() && open_.back()->end <= time) {
      run(open_.back()->end);
      const Nanoseconds ended = open_.back()->end;
      open_.pop_back();
      while (!open_.empty() && open_.back()->end <= ended) open_.pop_back();
    }
    if (!open_.empty()) run(time);
    now_ = std::max(now_, time);
  }

  // The last one that began, until then.
  void run(Nanoseconds time) {
    const Nanoseconds begin = std::max(now_, open_.back()->begin), end = std::min(time, end_);
    if (begin < end)
      out_.push_back({open_.back()->region, to_seconds(begin - start_), to_seconds(end - start_)});
    now_ = std::max(now_, time);
  }

  std::vector<RegionStretch>& out_;
  Nanoseconds start_, end_, now_{};
  std::vector<const RegionOccurrence*> open_;
};

}  // namespace

std::vector<RegionStretch> stretches_of(const ExecutionRegions& regions, Nanoseconds start, Nanoseconds end) {
  std::vector<RegionStretch> stretches;
  for (auto one = regions.log.begin(); one != regions.log.end();) {
    Innermost thread(stretches, start, end);
    const int of = one->thread;
    for (; one != regions.log.end() && one->thread == of; ++one) thread.add(*one);
    thread.finish();
  }
  std::ranges::stable_sort(stretches, {}, [](const RegionStretch& one) { return one.begin.value; });
  return stretches;
}

}  // namespace pw
