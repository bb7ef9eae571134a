// SPDX-License-Identifier: GPL-3.0-or-later
// What holds of every power source, whatever it is told.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "power/reader/power_reader.h"

namespace pw::test {

inline void promise(bool kept, const std::string& what) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n", what.c_str());
  std::abort();
}

inline void promise_printable(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) promise(printable(text) == text, "printable: " + text);
}

// Its channels are named, energy is finite and never falls, watts are finite.
inline void read_and_check(PowerReader& reader, std::map<int, double>& joules) {
  const std::vector<Channel> channels = reader.channels();
  for (const Channel& channel : channels)
    promise_printable({channel.name, channel.scope, channel.device, reader.describe().address});
  for (const PowerSample& sample : reader.read()) {
    promise(sample.channel >= 0 && static_cast<std::size_t>(sample.channel) < channels.size(), "channel");
    if (sample.watts) promise(std::isfinite(sample.watts->value), "finite watts");
    if (!sample.joules) continue;
    double& before = joules[sample.channel];
    promise(std::isfinite(sample.joules->value) && sample.joules->value >= before,
            "joules " + std::to_string(before) + " then " + std::to_string(sample.joules->value));
    before = sample.joules->value;
  }
  promise_printable(reader.take_warnings());
}

}  // namespace pw::test
