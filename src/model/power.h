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
// reset: the sensor's counter began anew or jumped: the energy between the sample before and this one is
// unknown.
// no_value: the sensor gave what stands for none, or what cannot be.
// Recordings hold their numbers, from ok = 0.
enum class SampleStatus { ok, inactive, busy, timeout, session_lost, error, reset, no_value };

std::string_view to_text(ChannelKind kind);  // "instantaneous", "accumulating"
std::optional<ChannelKind> channel_kind(std::string_view text);
// "ok", "inactive", "busy", "timeout", "session-lost", "error", "reset", "no-value"
std::string_view to_text(SampleStatus status);

// Channel::scope where all that the plug feeds is measured.
inline constexpr std::string_view kWholeMachine = "whole machine";

// Channel::meter.
inline constexpr std::string_view kMeterBmc = "BMC sensor";
inline constexpr std::string_view kMeterOnChip = "on-chip sensor";
inline constexpr std::string_view kMeterModel = "on-chip model";
inline constexpr std::string_view kMeterBoard = "board sensor";
inline constexpr std::string_view kMeterExternal = "external meter";

// In the text of a note which says that a sensor counted throttling.
inline constexpr std::string_view kThrottledNote = " throttled: ";

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
  Seconds late_mean = {};       // how long after its deadline a reading began
  Seconds late_most = {};
  std::optional<Nanoseconds> renews = {};  // the rhythm that the sensor was found to renew its values in
  std::int64_t seed = 0;  // of the random times within the periods; 0: readings keep to the periods' begins
};

// As it is shown to people: "dcmi", or "dcmi (simulated)".
std::string shown_name(const PowerSource& source);

// What refusals begin with: of a source that was only tried, for none was named, and of a part of a source
// that is read: "hwmon /sys/class/hwmon: ".
inline constexpr std::string_view kTriedNote = "power source ";
std::string left_out_note(const PowerSource& source);

struct Channel {
  int source = 0;    // index into Recording::sources
  std::string name;  // "system"
  ChannelKind kind = ChannelKind::instantaneous;
  std::string scope;  // what it measures: kWholeMachine, "socket 0", "socket 0 cores", "memory", "GPU 0", ...
  double step = 0;    // the sensor's resolution in watts (instantaneous) or joules (accumulating); 0: unknown
  Nanoseconds refresh = {};  // how often the sensor renews its value; 0: unknown
  std::string meter = {};    // what kind of meter it is: kMeter*
  double clock_hz = 0;  // ticks a second of PowerSample::sensor_time, where it says when a value was made
  // How far each of the powers that an accumulating sensor adds up may be off, for they are whole watts; 0:
  // none known.
  Watts sample_error = {};
  std::string device =
      {};  // what stands behind it: "/sys/class/hwmon/hwmon1/power1_input", a Redfish URI, ...
  Nanoseconds averages = {};  // each reading is the mean over so long; 0: unknown
};

struct PowerSample {
  int channel = 0;                          // index into Recording::channels
  Nanoseconds time;                         // CLOCK_MONOTONIC, the middle of the read
  Nanoseconds read;                         // duration of the read
  std::optional<Watts> watts;               // instantaneous channels
  std::optional<Joules> joules;             // accumulating channels, since an arbitrary zero, wraps undone
  std::optional<std::int64_t> sensor_time;  // the sensor's own clock, in its own unit (DCMI: UNIX seconds)
  SampleStatus status = SampleStatus::ok;
  // Where `watts` is the mean of readings at random times, one in each of as many equal parts of the period
  // around `time`: how many, their least and greatest, and their standard deviation (n - 1), in watts.
  std::int32_t readings = 1;
  float least = 0, most = 0, deviation = 0;
};

// How recordings keep `least`, `most` and `deviation`: whole microwatts, as sensors give them. Nothing where
// the sample is one reading, or the watts are no number.
std::optional<std::int64_t> stored_microwatts(const PowerSample& sample, float watts);
float watts_of_microwatts(std::int64_t microwatts);

// A sample that counts: it has a value. `inactive` with watts > 0 is normal on OpenBMC and counts.
inline bool usable(const PowerSample& sample) {
  return sample.watts.has_value() || sample.joules.has_value();
}

}  // namespace pw
