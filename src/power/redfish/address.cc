// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/address.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "power/reader/address.h"

namespace pw {
namespace {

constexpr std::string_view kScheme = "redfish://";
constexpr const char* kForm = "write redfish://USER@HOST[:PORT]";
const std::vector<std::string> kResources = {"EnvironmentMetrics", "Power", "Sensors"};

constexpr AddressKey<RedfishAddress> kKeys[] = {
    {"chassis", set_text<&RedfishAddress::chassis>},   {"via", set_text<&RedfishAddress::via>},
    {"sensor", set_text<&RedfishAddress::sensor>},     {"cacert", set_text<&RedfishAddress::cacert>},
    {"insecure", set_flag<&RedfishAddress::insecure>}, {"psu", set_flag<&RedfishAddress::psu>},
    {"sensors", set_flag<&RedfishAddress::sensors>},   {"simulated", set_flag<&RedfishAddress::simulated>}};

Result<> check_together(const RedfishAddress& address) {
  if (!address.via.empty() &&
      std::find(kResources.begin(), kResources.end(), address.via) == kResources.end()) {
    const std::string hint = did_you_mean(address.via, kResources);
    return wrong_address("via is not '" + address.via + "'",
                         hint.empty() ? "one of " + join(kResources, ", ") : hint);
  }
  if (!address.sensor.empty() && !address.via.empty() && address.via != "Sensors")
    return wrong_address("a sensor is read via Sensors", "leave via=" + address.via + " out");
  if (address.insecure && !address.cacert.empty())
    return wrong_address("insecure=1 would leave cacert unused", "give one of the two");
  return {};
}

}  // namespace

Result<RedfishAddress> parse_redfish(const std::string& text) {
  const Result<SplitAddress> split = split_address(text, kForm);
  if (!split) return pass_on(split);
  if (!text.starts_with(kScheme))
    return wrong_address("the address is not redfish://USER@HOST[:PORT]", kForm);
  const Result<NetworkPlace> place = parse_place(split->place.substr(kScheme.size()), kForm, "443");
  if (!place) return pass_on(place);
  if (place->host.find_first_of("/?#@\\ %") != std::string::npos)
    return wrong_address("the host has a character that no host has", kForm);
  RedfishAddress address;
  address.user = place->user;
  address.host = place->host;
  if (split->query)
    if (Result<> set = set_query<RedfishAddress>(address, *split->query, kKeys); !set) return pass_on(set);
  if (Result<> checked = check_together(address); !checked) return pass_on(checked);
  return address;
}

std::string shown_address(const RedfishAddress& address) {
  return std::string(kScheme) + address.user + "@" + address.host + (address.insecure ? "?insecure=1" : "");
}

}  // namespace pw
