// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/json.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::size_t kLongestPath = 512;

bool has(const Json& object, const char* name) { return object.is_object() && object.contains(name); }

std::string text_of(const Json& object, const char* name) {
  const Json& value = member(object, {name});
  return value.is_string() ? printable(value.get_ref<const std::string&>()).substr(0, 64) : "";
}

}  // namespace

std::optional<Json> redfish_object(std::string_view text) {
  std::optional<Json> object = parse_json(text);
  return object && object->is_object() ? object : std::nullopt;
}

std::optional<std::string> service_path(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  const std::string& text = value.get_ref<const std::string&>();
  const std::string path = text.substr(0, text.find('#'));
  const bool ours = path.starts_with("/redfish/") && path.size() <= kLongestPath;
  const bool plain = std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!ours || !plain || path.find("..") != std::string::npos) return std::nullopt;
  return path;
}

std::optional<std::string> link_of(const Json& object, const char* name) {
  return service_path(member(object, {name, "@odata.id"}));
}

std::vector<std::string> members_of(const Json& collection, std::size_t most) {
  std::vector<std::string> paths;
  const Json& members = member(collection, {"Members"});
  if (!members.is_array()) return paths;
  for (const Json& each : members) {
    if (paths.size() == most) break;
    if (const auto path = service_path(member(each, {"@odata.id"}))) paths.push_back(*path);
  }
  return paths;
}

std::string id_of(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path.substr(path.rfind('/') + 1));
}

RedfishWatts environment_watts(const Json& metrics) {
  return {has(member(metrics, {"PowerWatts"}), "Reading"),
          number_in(member(metrics, {"PowerWatts", "Reading"}))};
}

RedfishWatts power_watts(const Json& power) {
  const Json& controls = member(power, {"PowerControl"});
  if (!controls.is_array()) return {};
  for (const Json& control : controls)
    if (has(control, "PowerConsumedWatts")) return {true, number_in(control["PowerConsumedWatts"])};
  return {};
}

RedfishWatts sensor_watts(const Json& sensor) {
  const Json& type = member(sensor, {"ReadingType"});
  if (!type.is_string() || type.get_ref<const std::string&>() != "Power") return {};
  return {has(sensor, "Reading"), number_in(member(sensor, {"Reading"}))};
}

RedfishWatts supply_watts(const Json& metrics) {
  return {has(member(metrics, {"InputPowerWatts"}), "Reading"),
          number_in(member(metrics, {"InputPowerWatts", "Reading"}))};
}

Nanoseconds sensing_interval(const Json& sensor) {
  constexpr double kLongest = 3600;                             // s
  const std::string text = text_of(sensor, "SensingInterval");  // ISO 8601
  double seconds = 0;
  std::size_t at = text.starts_with("PT") ? 2 : text.size();
  for (const auto& [unit, worth] : {std::pair{'H', 3600}, {'M', 60}, {'S', 1}}) {
    const std::size_t end = text.find(unit, at);
    if (end == std::string::npos) continue;
    seconds += worth * parse_number(text.substr(at, end - at)).value_or(kLongest);
    at = end + 1;
  }
  const bool known = at == text.size() && seconds > 0 && seconds < kLongest;
  return to_nanoseconds({known ? seconds : 0});
}

std::vector<RedfishSupply> power_supplies(const Json& power) {
  std::vector<RedfishSupply> found;
  const Json& supplies = member(power, {"PowerSupplies"});
  if (!supplies.is_array()) return found;
  for (const Json& supply : supplies) {
    if (found.size() == kMostSupplies) break;
    std::string name = text_of(supply, "Name");
    if (name.empty()) name = text_of(supply, "MemberId");
    if (name.empty()) name = "PSU " + std::to_string(found.size());
    found.push_back({name, {has(supply, "PowerInputWatts"), number_in(member(supply, {"PowerInputWatts"}))}});
  }
  return found;
}

bool names_total_power(std::string_view name) {
  std::string letters;
  for (const char c : name)
    if (std::isalpha(static_cast<unsigned char>(c)))
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  // OpenBMC's names come with their type: "power_total_power" since bmcweb of 2023.
  if (letters.starts_with("power")) letters.erase(0, 5);
  static const std::vector<std::string> kNames = {
      "totalpower",    "systempower",     "systeminputpower",      "chassispower",
      "platformpower", "totalinputpower", "systempowerconsumption"};
  return std::find(kNames.begin(), kNames.end(), letters) != kNames.end();
}

}  // namespace pw
