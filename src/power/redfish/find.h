// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/power.h"
#include "power/redfish/session.h"

namespace pw {

enum class RedfishResource { environment, power, sensor, power_supply, supply_metrics };

// A channel and where its watts stand.
struct RedfishChannel {
  Channel channel;
  std::string path;
  RedfishResource resource = RedfishResource::environment;
  std::size_t supply = 0;  // of PowerSupplies[]
};

RedfishWatts watts_of(const RedfishChannel& channel, const Json& answer);

struct RedfishFound {
  std::string chassis;                   // its Id
  std::vector<RedfishChannel> channels;  // the whole chassis first
  std::vector<std::string> notes;
  std::vector<std::string> left_out;  // PowerReader::left_out()
};

// Of what tells `watts` now; nothing: null.
Channel redfish_channel(std::string name, std::string scope, std::optional<double> watts);

// The chassis and the resource that tell watts, in the order EnvironmentMetrics, Power, Sensors. Where
// several chassis do, that which no other contains. Errors (not_possible).
Result<RedfishFound> find_redfish_power(RedfishSession& session, const RedfishAddress& address);

}  // namespace pw
