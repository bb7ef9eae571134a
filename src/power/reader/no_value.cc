// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/no_value.h"

#include <fmt/format.h>

#include <cmath>

#include "power/reader/limits.h"

namespace pw {
namespace {

// What a source tells where it knows no watts.
struct NoValue {
  std::string_view source;
  double watts;
  const char* why;
};

constexpr NoValue kNoValues[] = {
    {"hwmon", 4294967.295, "0xFFFFFFFF milliwatts: _PMM without a value (ACPI 6.5, 10.4.1)"},
    {"hwmon", 4294.967295, "0xFFFFFFFF microwatts"},
    {"hwmon", 2147483.647, "0x7FFFFFFF milliwatts"},
    {"hwmon", 2147.483647, "0x7FFFFFFF microwatts"},
    {"hwmon", 65535, "0xFFFF watts"},
    {"dcmi", 65535, "0xFFFF: all bits of its two bytes are set"},
    {"redfish", 65535, "0xFFFF"},
    {"redfish", 32767, "0x7FFF"},
    {"redfish", 4294967295, "0xFFFFFFFF"},
    {"nvml", 4294967.295, "0xFFFFFFFF milliwatts: NVML_VALUE_NOT_AVAILABLE"}};

// What is possible; the least is of the whole machine alone.
struct Bounds {
  std::string_view source;
  Watts least_machine, most;
};

constexpr Bounds kBounds[] = {{"hwmon", kLeastMachineWatts, kMostMachineWatts},
                              {"dcmi", kLeastMachineWatts, kMostMachineWatts},
                              {"redfish", kLeastMachineWatts, kMostMachineWatts},
                              {"hmc", kLeastMachineWatts, kMostMachineWatts},
                              {"nvml", {}, kMostSensorWatts}};
constexpr Bounds kOtherBounds = {"", {}, kMostWatts};

const Bounds& bounds_of(std::string_view source) {
  for (const Bounds& bounds : kBounds)
    if (bounds.source == source) return bounds;
  return kOtherBounds;
}

bool same(double value, double other) { return std::abs(value - other) <= 1e-12 * other; }

}  // namespace

std::string why_no_value(const std::string& source, const Channel& channel, Watts watts) {
  for (const NoValue& no : kNoValues)
    if (no.source == source && same(watts.value, no.watts))
      return fmt::format("{:.10g} W means no value ({})", watts.value, no.why);
  if (!std::isfinite(watts.value)) return "no number";
  if (watts.value < 0) return fmt::format("{:.6g} W is negative", watts.value);
  const Bounds& bounds = bounds_of(source);
  if (channel.scope == kWholeMachine && watts.value > 0 && watts < bounds.least_machine)
    return fmt::format("{:.3g} W is less than any machine draws: another unit?", watts.value);
  if (watts > bounds.most)
    return fmt::format("{:.6g} W is more than can be ({:.6g} W)", watts.value, bounds.most.value);
  return "";
}

}  // namespace pw
