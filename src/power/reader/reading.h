// SPDX-License-Identifier: GPL-3.0-or-later
// What readers do alike.
#pragma once

#include <algorithm>
#include <string>

#include "base/units.h"
#include "model/power.h"
#include "power/reader/power_reader.h"

namespace pw {

// PowerReader::describe() before anything is counted.
inline PowerSource power_source(std::string name, std::string address, double rate_hz) {
  PowerSource source;
  source.name = std::move(name);
  source.address = std::move(address);
  source.rate_hz = rate_hz;
  return source;
}

// A read that lasted from `begin` to `end`, CLOCK_MONOTONIC.
inline void stamp(PowerSample& sample, Nanoseconds begin, Nanoseconds end) {
  sample.read = end - begin;
  sample.time = begin + sample.read / 2;
}

// Reads once. Whether any channel tells a value.
inline bool tells_a_value(PowerReader& reader) {
  const std::vector<PowerSample> samples = reader.read();
  return std::any_of(samples.begin(), samples.end(), usable);
}

}  // namespace pw
