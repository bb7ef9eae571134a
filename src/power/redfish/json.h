// SPDX-License-Identifier: GPL-3.0-or-later
// What a Redfish service answers, read without trusting a member of it. Names are those of DMTF's schemas:
// EnvironmentMetrics (PowerWatts.Reading, from 1.1), Power (PowerControl[].PowerConsumedWatts), Sensor
// (Reading, ReadingType), PowerSupplyMetrics (InputPowerWatts.Reading), DSP0266 (links, sessions).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "power/http/json.h"

namespace pw {

// Nothing where `text` is not one JSON object, or nests deeper than 64.
std::optional<Json> redfish_object(std::string_view text);

// A path of this service ("/redfish/v1/..."): nothing where it leads elsewhere, or holds what no path has.
std::optional<std::string> service_path(const Json& value);

// {"@odata.id": PATH} at `name`.
std::optional<std::string> link_of(const Json& object, const char* name);

// Members[].@odata.id, at most `most`.
std::vector<std::string> members_of(const Json& collection, std::size_t most);

// The last part of a path: a resource's Id.
std::string id_of(std::string_view path);

struct RedfishWatts {
  bool present = false;         // the resource has such a member, though it may be null
  std::optional<double> watts;  // a number, or a text that is one
};

RedfishWatts environment_watts(const Json& metrics);  // the chassis
// The chassis: the first of PowerControl that has the member (others may be parts of it, as on Lenovo's XCC).
RedfishWatts power_watts(const Json& power);
RedfishWatts sensor_watts(const Json& sensor);   // absent where its ReadingType is not Power
RedfishWatts supply_watts(const Json& metrics);  // PowerSupplyMetrics

// Sensor.SensingInterval, how often the sensor is read: "PT0.5S"; 0: unknown. (AveragingInterval is of
// AverageReading, not of Reading.)
Nanoseconds sensing_interval(const Json& sensor);

inline constexpr std::size_t kMostSupplies = 16;  // power supplies that are looked at

struct RedfishSupply {
  std::string name;
  RedfishWatts input;  // PowerInputWatts
};
std::vector<RedfishSupply> power_supplies(const Json& power);

// Whether a sensor of that name measures the whole chassis: "total_power", "Total Power", "SystemPower", ...
bool names_total_power(std::string_view name);

}  // namespace pw
