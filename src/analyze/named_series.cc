// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/named_series.h"

namespace pw {
namespace {

NamedSeries of_event(const Recording& recording, int index) {
  const Event& event = recording.events[static_cast<std::size_t>(index)];
  const bool time = event.unit == "ns";
  NamedSeries named{event.label(), time ? "s" : "", counter_series(recording, index),
                    time || !event.software};
  if (time)
    for (TestValue& test : named.series.tests) test.value *= 1e-9;
  return named;
}

}  // namespace

std::vector<NamedSeries> named_series(const Recording& recording) {
  std::vector<NamedSeries> all;
  all.push_back({"elapsed", "s", elapsed_series(recording)});
  for (std::size_t i = 0; i < recording.events.size(); ++i)
    all.push_back(of_event(recording, static_cast<int>(i)));
  std::erase_if(all, [](const NamedSeries& one) { return one.series.tests.empty(); });
  return all;
}

}  // namespace pw
