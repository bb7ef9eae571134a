// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/find.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "power/hmc/documents.h"

namespace pw {
namespace {

constexpr std::size_t kMostShown = 12;

tl::unexpected<Error> no(std::string what, std::string hint = "") {
  return fail(Failure::not_possible, std::move(what), "", std::move(hint));
}

std::string names_of(const std::vector<HmcThing>& things) {
  std::vector<std::string> names;
  for (const HmcThing& thing : things)
    if (names.size() < kMostShown) names.push_back(thing.name);
  return join(names, ", ") + (things.size() > kMostShown ? ", ..." : "");
}

Result<std::vector<HmcThing>> list(HmcSession& session, const std::string& path, const char* name,
                                   const std::string& what) {
  const HttpAnswer answer = session.get(path);
  if (answer.status == 204) return std::vector<HmcThing>{};
  if (!answer.ok()) return no(fmt::format("{}: {}", what, answer.what));
  auto things = quick_list(answer.body, name);
  if (!things) return no(what + ": an answer that is no list", "is that an HMC?");
  return *things;
}

bool is_meant(const HmcThing& thing, const std::string& name) {
  return thing.name == name || thing.uuid == name || (!thing.mtms.empty() && thing.mtms == name);
}

Result<HmcThing> find_system(HmcSession& session, const std::string& name) {
  const auto systems = list(session, "/rest/api/uom/ManagedSystem/quick/All", "SystemName",
                            "its managed systems cannot be listed");
  if (!systems) return pass_on(systems);
  if (systems->empty()) return no("this user sees no managed system there", "give it the right to view one");
  if (name.empty() && systems->size() == 1) return systems->front();
  if (name.empty())
    return no("it manages several systems: " + names_of(*systems), "write hmc://USER@HMC/SYSTEM");
  const auto found =
      std::ranges::find_if(*systems, [&](const HmcThing& each) { return is_meant(each, name); });
  if (found == systems->end())
    return no(fmt::format("no managed system '{}'", printable(name)), "there are: " + names_of(*systems));
  return *found;
}

// We never switch it on: that is the console's administrator's.
Result<> check_monitored(HmcSession& session, const HmcThing& system) {
  const std::string path = "/rest/api/pcm/ManagedSystem/" + system.uuid + "/preferences";
  const HttpAnswer answer = session.get(path);
  if (answer.status == 403)
    return no("the preferences of performance monitoring: HTTP 403",
              "this user needs the right to view performance data");
  if (!answer.ok()) return no("the preferences of performance monitoring: " + answer.what);
  const PcmPreferences told = pcm_preferences(answer.body);
  if (told.capable == false)
    return no(system.name + " cannot measure its power (EnergyMonitoringCapable is false)");
  std::vector<std::string> off;
  if (told.energy != true) off.emplace_back("EnergyMonitorEnabled");
  if (told.aggregation != true) off.emplace_back("AggregationEnabled");
  if (off.empty()) return {};
  return no(
      fmt::format("the power of {} is not monitored: {} is not true", system.name, join(off, " and ")),
      "ask the HMC's administrator to switch data collection on for it (HMC Management, Console Settings, "
      "Change Performance Monitoring Settings; or a POST to " +
          path + ")");
}

Result<> find_partition(HmcSession& session, const HmcAddress& address, const std::string& own,
                        const HmcThing& system, HmcFound& found) {
  const std::string& name = address.partition.empty() ? own : address.partition;
  if (name.empty()) return {};
  const auto partitions =
      list(session, "/rest/api/uom/ManagedSystem/" + system.uuid + "/LogicalPartition/quick/All",
           "PartitionName", "its partitions cannot be listed");
  if (!partitions && !address.partition.empty()) return pass_on(partitions);
  if (!partitions) {
    found.notes.push_back(partitions.error().what + ": what this partition uses is not read");
    return {};
  }
  const auto at =
      std::ranges::find_if(*partitions, [&](const HmcThing& each) { return is_meant(each, name); });
  if (at != partitions->end()) {
    found.partition = at->uuid;
    return {};
  }
  if (!address.partition.empty())
    return no(fmt::format("{} has no partition '{}'", system.name, printable(name)),
              "there are: " + names_of(*partitions));
  found.notes.push_back(
      fmt::format("{} has no partition '{}', which this machine is: is it that server? What "
                  "this partition uses is not read",
                  system.name, printable(name)));
  return {};
}

}  // namespace

Result<HmcFound> find_server(HmcSession& session, const HmcAddress& address, const std::string& own) {
  const Result<HmcThing> system = find_system(session, address.system);
  if (!system) return pass_on(system);
  if (Result<> monitored = check_monitored(session, *system); !monitored) return pass_on(monitored);
  HmcFound found;
  found.system = system->uuid;
  found.system_name = system->name;
  if (Result<> partition = find_partition(session, address, own, *system, found); !partition)
    return pass_on(partition);
  return found;
}

}  // namespace pw
