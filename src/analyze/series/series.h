// SPDX-License-Identifier: GPL-3.0-or-later
// Values per test out of a recording. Warm-ups and failed executions are left out.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/recording.h"

namespace pw {

struct TestValue {
  int test = 0;
  double value = 0;                 // the mean over the passes that have one
  std::optional<double> deviation;  // between the passes, where there are two or more
};

struct Series {
  std::vector<TestValue> tests;
  double least_coverage = 1;  // of a counter: the smallest running / enabled
  std::vector<double> values() const;
};

// Executions that count: of a test, and not failed.
inline bool counts(const Execution& execution) { return execution.of_test() && !execution.failed(); }
std::vector<const Execution*> counted_executions(const Recording& recording);

// How long its events were counted: all of it, but for --delay.
Seconds counted_time(const Recording& recording, const Execution& execution);

// One value per execution, or nothing.
using ExecutionValue = std::function<std::optional<double>(const Execution&)>;
Series series_of(const Recording& recording, const ExecutionValue& value);
// Of values of executions, in any order of tests: a test's value is the mean of its passes' ones.
Series series_of(std::vector<TestValue> values);

Series elapsed_series(const Recording& recording);             // seconds
Series counter_series(const Recording& recording, int event);  // scaled where it was multiplexed

// The reading of an event in an execution, where it has a value.
const Reading* find_reading(const Execution& execution, int event);
// The event of that name without modifier.
std::optional<int> find_event(const Recording& recording, std::string_view name);

// Tests that lack a pass, and which: it failed, or the run ended before. Values of such a test are means over
// the passes that are there.
struct Incomplete {
  int test = 0;
  std::vector<int> missing;  // passes, from 1
};
std::vector<Incomplete> incomplete_tests(const Recording& recording);

// Why an event has no value in any test; nothing where it has one.
struct Uncounted {
  CountStatus status = CountStatus::not_counted;
  std::string reason;
};
std::optional<Uncounted> uncounted(const Recording& recording, int event);
// "not-supported: ..."; "" where it has a value.
std::string why_uncounted(const Recording& recording, int event);

// Tests whose passes differ by more than 1 % in instructions: their passes did not do the same work.
std::vector<int> unlike_tests(const Recording& recording);

// What a capture gave: the value where it was the same in every execution.
struct Captured {
  std::string name;
  std::vector<std::string> distinct;  // in order of appearance
  int missing = 0;                    // executions in which it never matched
  Series numbers;                     // where every value is a number
};
std::vector<Captured> captured(const Recording& recording);

}  // namespace pw
