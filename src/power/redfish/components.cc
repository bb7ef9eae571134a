// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/components.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::size_t kMostListed = 512, kMostComponents = 32;
// An eBMC has them from the OCC every 5 s (ibm-openbmc/dev#1815), where the sensor does not say.
constexpr Nanoseconds kRenewed{5'000'000'000};

// Names of the sensors on D-Bus (open-power/op-test#769), with what stands for a number or a letter as '#'.
struct Part {
  std::string_view name;
  std::string_view scope;  // likewise
};

constexpr Part kParts[] = {
    {"p#_power", "socket #"}, {"p#_mem_power", "socket # memory"}, {"p#_cache_power", "socket # cache"},
    {"io_#_power", "I/O #"},  {"storage_#_power", "storage #"},    {"fans_#_power", "fans #"}};

// What stands for '#' in `name`, letters or digits; nothing: it is another name.
std::optional<std::string_view> matched(std::string_view id, std::string_view name) {
  const std::size_t hash = name.find('#');
  const std::string_view before = name.substr(0, hash), after = name.substr(hash + 1);
  if (id.size() <= before.size() + after.size() || !id.starts_with(before) || !id.ends_with(after))
    return std::nullopt;
  const std::string_view middle = id.substr(before.size(), id.size() - before.size() - after.size());
  const bool digits = before == "p";
  const bool fits = std::ranges::all_of(
      middle, [&](unsigned char c) { return (c >= '0' && c <= '9') || (!digits && c >= 'a' && c <= 'z'); });
  return fits && middle.size() <= 3 ? std::optional(middle) : std::nullopt;
}

}  // namespace

std::optional<std::string> component_scope(std::string_view id) {
  // Ids come with their type since bmcweb of 2023.
  if (id.starts_with("power_")) id.remove_prefix(6);
  for (const Part& part : kParts) {
    const auto which = matched(id, part.name);
    if (!which) continue;
    std::string scope(part.scope);
    return scope.replace(scope.find('#'), 1, *which);
  }
  return std::nullopt;
}

void add_components(RedfishSession& session, const Json& chassis, const std::string& path,
                    RedfishFound& found) {
  const auto list = session.object(link_of(chassis, "Sensors").value_or(path + "/Sensors"));
  const std::size_t before = found.channels.size();
  for (const std::string& each : list ? members_of(*list, kMostListed) : std::vector<std::string>{}) {
    const std::string id = printable(id_of(each));
    const auto scope = component_scope(id);
    if (!scope || found.channels.size() - before == kMostComponents) continue;
    const auto sensor = session.object(each);
    const RedfishWatts watts = sensor ? sensor_watts(*sensor) : RedfishWatts{};
    if (!watts.present) {
      found.left_out.push_back("sensor " + id + " is left out: it tells no watts");
      continue;
    }
    RedfishChannel channel{redfish_channel(id, *scope, watts.watts), each, RedfishResource::component, 0};
    channel.channel.device = each;
    const Nanoseconds told = sensing_interval(*sensor);
    channel.channel.refresh = told.value > 0 ? told : kRenewed;
    found.channels.push_back(std::move(channel));
  }
  if (found.channels.size() == before)
    found.left_out.emplace_back("no sensor is named for a part of the machine (p0_power, fans_a_power, ...)");
}

}  // namespace pw
