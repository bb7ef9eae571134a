// SPDX-License-Identifier: GPL-3.0-or-later
// Power sources, their channels, and what was read from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/units.h"

namespace pw {

enum class ChannelKind { instantaneous, accumulating };
enum class SampleStatus { ok, inactive, busy, timeout, session_lost, error };

std::string_view to_text(ChannelKind kind);  // "instantaneous", "accumulating"
std::optional<ChannelKind> channel_kind(std::string_view text);
std::string_view to_text(
    SampleStatus status);  // "ok", "inactive", "busy", "timeout", "session-lost", "error"
std::optional<SampleStatus> sample_status(std::string_view text);

// A source in use. No password, ever.
struct PowerSource {
  std::string name;     // "dcmi"; the second of a kind is "dcmi#2"
  std::string address;  // "dcmi://admin@bmc.example:623" or "/dev/ipmi0"
  bool simulated = false;
  double rate_hz = 0;
  // Filled in when sampling ends.
  std::int64_t reads = 0;       // readings tried
  std::int64_t failures = 0;    // readings that failed
  std::int64_t reconnects = 0;  // sessions opened again
  std::int64_t missed = 0;      // deadlines that passed while a reading was still under way
  std::int64_t repeats = 0;     // readings equal to the one before
  Seconds cpu;                  // CPU time of the sampling thread
};

// As it is shown to people: "dcmi", or "dcmi (simulated)".
std::string shown_name(const PowerSource& source);

struct Channel {
  int source = 0;    // index into Recording::sources
  std::string name;  // "system"
  ChannelKind kind = ChannelKind::instantaneous;
  std::string scope;  // what it measures: "whole machine"
  double step = 0;    // the sensor's resolution in watts (instantaneous) or joules (accumulating); 0: unknown
};

struct PowerSample {
  int channel = 0;                          // index into Recording::channels
  Nanoseconds time;                         // CLOCK_MONOTONIC, the middle of the read
  Nanoseconds read;                         // duration of the read
  std::optional<Watts> watts;               // instantaneous channels
  std::optional<Joules> joules;             // accumulating channels
  std::optional<std::int64_t> sensor_time;  // the sensor's own clock, in its own unit (DCMI: UNIX seconds)
  SampleStatus status = SampleStatus::ok;
};

// A sample that counts: it has a value. `inactive` with watts > 0 is normal on OpenBMC and counts.
inline bool usable(const PowerSample& sample) {
  return sample.watts.has_value() || sample.joules.has_value();
}

}  // namespace pw
