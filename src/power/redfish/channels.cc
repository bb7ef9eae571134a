// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/channels.h"

#include <cmath>
#include <utility>

namespace pw {

Channel redfish_channel(std::string name, std::string scope, std::optional<double> watts) {
  Channel channel;
  channel.name = std::move(name);
  channel.scope = std::move(scope);
  channel.meter = std::string(kMeterBmc);
  // Whole watts are taken for a step of 1 W.
  if (watts && *watts == std::floor(*watts)) channel.step = 1;
  return channel;
}

RedfishWatts watts_of(const RedfishChannel& channel, const Json& answer) {
  switch (channel.resource) {
    case RedfishResource::environment:
      return environment_watts(answer);
    case RedfishResource::power:
      return power_watts(answer);
    case RedfishResource::sensor:
    case RedfishResource::component:
      return sensor_watts(answer);
    case RedfishResource::supply_metrics:
      return supply_watts(answer);
    case RedfishResource::power_supply:
      break;
  }
  const std::vector<RedfishSupply> supplies = power_supplies(answer);
  return channel.supply < supplies.size() ? supplies[channel.supply].input : RedfishWatts{};
}

}  // namespace pw
