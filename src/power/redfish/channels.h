// SPDX-License-Identifier: GPL-3.0-or-later
// What of a Redfish service is read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/power.h"
#include "power/redfish/json.h"

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

}  // namespace pw
