// SPDX-License-Identifier: GPL-3.0-or-later
// What of a Redfish service is read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/power.h"
#include "power/redfish/json.h"

namespace pw {

// component: a sensor, too; there are many, so that they are asked one after the other.
enum class RedfishResource { environment, power, sensor, power_supply, supply_metrics, component };

// A channel and where its watts stand.
struct RedfishChannel {
  Channel channel;
  std::string path;
  RedfishResource resource = RedfishResource::environment;
  std::size_t supply = 0;  // of PowerSupplies[]
};

RedfishWatts watts_of(const RedfishChannel& channel, const Json& answer);

struct HistorySupply {
  std::string name;
  std::string path;  // of its Metrics
};

// Of power supplies that keep averages of their input power (power/redfish/history.h).
struct RedfishHistory {
  std::vector<HistorySupply> supplies;  // empty: none does
  std::vector<Channel> channels;        // the sum's, where `sum`; then each supply's, where `each`
  bool sum = false, each = false;
  std::string manager;  // whose DateTime tells the service's clock; "": the answers' Date does
};

struct RedfishFound {
  std::string chassis;                   // its Id
  std::vector<RedfishChannel> channels;  // the whole chassis first
  RedfishHistory history = {};
  std::vector<std::string> notes;
  std::vector<std::string> left_out;  // PowerReader::left_out()
};

// Of what tells `watts` now; nothing: null.
Channel redfish_channel(std::string name, std::string scope, std::optional<double> watts);

}  // namespace pw
