// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish_address.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "power/address.h"

namespace pw {
namespace {

constexpr std::string_view kScheme = "redfish://";
constexpr const char* kForm = "write redfish://USER@HOST[:PORT]";
const std::vector<std::string> kResources = {"EnvironmentMetrics", "Power", "Sensors"};

tl::unexpected<Error> wrong(std::string what, std::string hint) {
  return fail(Failure::input, std::move(what), "--power", std::move(hint));
}

struct TextKey {
  std::string_view name;
  std::string RedfishAddress::*value;
};
constexpr TextKey kTextKeys[] = {{"chassis", &RedfishAddress::chassis},
                                 {"via", &RedfishAddress::via},
                                 {"sensor", &RedfishAddress::sensor},
                                 {"cacert", &RedfishAddress::cacert}};

struct FlagKey {
  std::string_view name;
  bool RedfishAddress::*value;
};
constexpr FlagKey kFlagKeys[] = {{"insecure", &RedfishAddress::insecure},
                                 {"psu", &RedfishAddress::psu},
                                 {"simulated", &RedfishAddress::simulated}};

Result<> set_key(RedfishAddress& address, const std::string& name, const std::string& value) {
  std::vector<std::string> names;
  for (const TextKey& key : kTextKeys) {
    names.emplace_back(key.name);
    if (key.name != name) continue;
    if (value.empty()) return wrong("the value of " + name + " is missing", name + "=...");
    address.*key.value = value;
    return {};
  }
  for (const FlagKey& key : kFlagKeys) {
    names.emplace_back(key.name);
    if (key.name != name) continue;
    if (value != "0" && value != "1") return wrong(name + " is 0 or 1, not '" + value + "'", name + "=1");
    address.*key.value = value == "1";
    return {};
  }
  const std::string hint = did_you_mean(name, names);
  return wrong("unknown key '" + name + "'", hint.empty() ? "there are: " + join(names, ", ") : hint);
}

Result<> set_query(RedfishAddress& address, const std::string& query) {
  for (const std::string& pair : split(query, '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (Result<> set =
            set_key(address, pair.substr(0, equals), equals < pair.size() ? pair.substr(equals + 1) : "");
        !set)
      return set;
  }
  return {};
}

Result<> check_together(const RedfishAddress& address) {
  if (!address.via.empty() &&
      std::find(kResources.begin(), kResources.end(), address.via) == kResources.end()) {
    const std::string hint = did_you_mean(address.via, kResources);
    return wrong("via is not '" + address.via + "'",
                 hint.empty() ? "one of " + join(kResources, ", ") : hint);
  }
  if (!address.sensor.empty() && !address.via.empty() && address.via != "Sensors")
    return wrong("a sensor is read via Sensors", "leave via=" + address.via + " out");
  if (address.insecure && !address.cacert.empty())
    return wrong("insecure=1 would leave cacert unused", "give one of the two");
  return {};
}

}  // namespace

Result<RedfishAddress> parse_redfish(const std::string& text) {
  if (printable(text) != text) return wrong("the address has control characters or is not UTF-8", kForm);
  if (!text.starts_with(kScheme)) return wrong("the address is not redfish://USER@HOST[:PORT]", kForm);
  // A password may hold a question mark, too.
  const std::size_t last_at = text.rfind('@');
  const std::size_t question = text.find('?', last_at == std::string::npos ? 0 : last_at);
  const Result<NetworkPlace> place = parse_place(
      text.substr(kScheme.size(), question == std::string::npos ? question : question - kScheme.size()),
      kForm, "443");
  if (!place) return pass_on(place);
  if (place->host.find_first_of("/?#@\\ %") != std::string::npos)
    return wrong("the host has a character that no host has", kForm);
  RedfishAddress address;
  address.user = place->user;
  address.host = place->host;
  if (question != std::string::npos)
    if (Result<> set = set_query(address, text.substr(question + 1)); !set) return pass_on(set);
  if (Result<> checked = check_together(address); !checked) return pass_on(checked);
  return address;
}

std::string shown_address(const RedfishAddress& address) {
  return std::string(kScheme) + address.user + "@" + address.host + (address.insecure ? "?insecure=1" : "");
}

}  // namespace pw
