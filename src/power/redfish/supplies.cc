// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/supplies.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"

namespace pw {
namespace {

void leave_out(const std::string& name, RedfishFound& found) {
  found.left_out.push_back("power supply " + name + " is left out: the BMC tells no input watts of it");
}

void add_supply(const std::string& name, const RedfishWatts& watts, const std::string& device,
                RedfishChannel channel, RedfishFound& found) {
  if (!watts.present) return leave_out(name, found);
  channel.channel = redfish_channel(name, "power supply " + name, watts.watts);
  channel.channel.device = device;
  found.channels.push_back(std::move(channel));
}

void add_listed(const std::string& path, const Json& power, RedfishFound& found) {
  const std::vector<RedfishSupply> supplies = power_supplies(power);
  for (std::size_t i = 0; i < supplies.size(); ++i)
    add_supply(supplies[i].name, supplies[i].input, fmt::format("{}#/PowerSupplies/{}", path, i),
               {{}, path, RedfishResource::power_supply, i}, found);
}

void add_metrics(RedfishSession& session, const std::string& subsystem, RedfishFound& found) {
  const auto system = session.object(subsystem);
  const auto list_path = system ? link_of(*system, "PowerSupplies") : std::nullopt;
  const auto list = list_path ? session.object(*list_path) : std::nullopt;
  if (!list) return;
  for (const std::string& path : members_of(*list, kMostSupplies)) {
    const std::string id = printable(id_of(path));
    const auto supply = session.object(path);
    const auto metrics_path = supply ? link_of(*supply, "Metrics") : std::nullopt;
    const auto metrics = metrics_path ? session.object(*metrics_path) : std::nullopt;
    if (!metrics)
      leave_out(id, found);
    else
      add_supply(id, supply_watts(*metrics), *metrics_path,
                 {{}, *metrics_path, RedfishResource::supply_metrics, 0}, found);
  }
}

}  // namespace

void add_supplies(RedfishSession& session, const Json& chassis, RedfishFound& found) {
  const std::size_t before = found.channels.size();
  if (const auto path = link_of(chassis, "Power"))
    if (const auto power = session.object(*path)) add_listed(*path, *power, found);
  if (found.channels.size() > before) return;
  found.left_out.clear();
  if (const auto path = link_of(chassis, "PowerSubsystem")) add_metrics(session, *path, found);
  if (found.channels.size() == before) found.left_out.emplace_back("no power supply tells its watts");
}

}  // namespace pw
