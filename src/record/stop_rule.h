// SPDX-License-Identifier: GPL-3.0-or-later
// When enough tests have run: --stop-when EVENT:WIDTH%, and what --until-decided NAME:WIDTH% shares with
// it.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "counters/names/event_names.h"
#include "model/recording.h"

namespace pw {

// Which of the two a rule is of.
struct StopOption {
  const char* name;
  const char* form;
  const char* between;  // one of these stands before the width
  const char* hint;
};
inline constexpr StopOption kStopWhen{"--stop-when", "EVENT:WIDTH%", ":",
                                      "write --stop-when cycles:1% or elapsed:0.5%"};
inline constexpr StopOption kUntilDecided{"--until-decided", "NAME:WIDTH%", " :",
                                          "write --until-decided elapsed:2%"};

struct StopRule {
  std::string name;          // "elapsed", or the label of an event
  std::optional<int> event;  // index into Recording::events; nothing: elapsed time
  double width =
      0;  // of half the 95 % interval of the mean, as a part of the mean; or what is as good as equal
  const StopOption* option = &kStopWhen;

  bool of_variants() const { return option == &kUntilDecided; }
  // Seconds, or a count; nothing where it was not counted.
  std::optional<double> value(const Execution& execution) const;
  static constexpr int kLeastTests = 5;
};

// "cycles:1%" or "elapsed:0.5%"; the event must be one of `events`. StopRule::event is still open.
Result<StopRule> parse_stop(const std::string& text, const std::vector<EventRequest>& events,
                            const StopOption& option = kStopWhen);

// With the event's index. Fails (not possible) where the event cannot be counted here.
Result<StopRule> resolve_stop(StopRule rule, const std::vector<Event>& events);

// The intervals of a run so far.
class StopWatch {
 public:
  explicit StopWatch(StopRule rule) : rule_(std::move(rule)) {}

  // Failed executions and warm-ups do not count; a test's value is the mean over its passes that have one.
  void add(const Execution& execution);
  int tests() const { return static_cast<int>(by_test_.size()); }
  // Half the interval as a part of the mean, 0 where all tests have the same value, of 0 too; nothing below
  // two tests, or where the mean of others is 0.
  std::optional<double> width() const;
  bool reached() const;
  // "the 95 % interval of cycles is ± 0.87 % after 7 tests, --stop-when asks for ± 1 %"
  std::string text() const;

 private:
  std::vector<double> means() const;

  StopRule rule_;
  std::map<int, std::vector<double>> by_test_;
};

// Of a run with variants, one each.
class StopWatches {
 public:
  StopWatches(const StopRule& rule, int variants)
      : watches_(static_cast<std::size_t>(variants), StopWatch(rule)) {}

  void add(const Execution& execution) { of(execution.variant).add(execution); }
  StopWatch& of(int variant) { return watches_[static_cast<std::size_t>(variant)]; }
  const StopWatch& of(int variant) const { return watches_[static_cast<std::size_t>(variant)]; }
  // The one that is farthest from what is asked for, of those of `variants`.
  int widest(std::span<const int> variants) const;
  bool reached(std::span<const int> variants) const;

 private:
  std::vector<StopWatch> watches_;
};

}  // namespace pw
