// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings of given counts, for the tests of metrics.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "model/recording.h"

namespace pw::test {

struct Count {
  std::string event;
  double value;  // of an execution of work 1
  std::vector<int> passes;
  double coverage = 1;
};

// Each execution does `work[pass - 1]` times the work, in as many seconds.
inline Recording recording_of(const std::string& cpu_model, const std::vector<Count>& counts,
                              const std::vector<double>& work, int tests = 1) {
  Recording recording;
  recording.machine = {{"arch", "x86_64"}, {"cpu_model", cpu_model}, {"cpus_online", "0-3"}};
  for (const Count& count : counts) {
    Event event;
    event.name = count.event;
    event.software = count.event == "task-clock" || count.event == "page-faults";
    recording.events.push_back(event);
  }
  recording.passes.resize(work.size());
  for (int test = 1; test <= tests; ++test)
    for (int pass = 1; pass <= static_cast<int>(work.size()); ++pass) {
      const double factor = work[static_cast<std::size_t>(pass - 1)];
      Execution one;
      one.test = test;
      one.pass = pass;
      one.end = to_nanoseconds({factor});
      for (std::size_t i = 0; i < counts.size(); ++i) {
        const Count& count = counts[i];
        if (std::find(count.passes.begin(), count.passes.end(), pass) == count.passes.end()) continue;
        one.readings.push_back(
            {static_cast<int>(i),
             static_cast<std::uint64_t>(std::llround(count.value * factor * count.coverage)),
             {100'000},
             {std::llround(100'000 * count.coverage)},
             count.coverage < 1 ? CountStatus::scaled : CountStatus::ok,
             ""});
      }
      recording.executions.push_back(std::move(one));
    }
  return recording;
}

}  // namespace pw::test
