// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/supplies.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "power/reader/bins.h"
#include "power/redfish/history.h"

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

struct SupplyMetrics {
  std::string id;
  std::string path;
  std::optional<Json> metrics;
};

bool absent(const Json& supply) { return member(supply, {"Status", "State"}) == "Absent"; }

// Of the power supplies that are there.
std::vector<SupplyMetrics> metrics_of(RedfishSession& session, const Json& chassis) {
  std::vector<SupplyMetrics> all;
  const auto path = link_of(chassis, "PowerSubsystem");
  const auto subsystem = path ? session.object(*path) : std::nullopt;
  const auto list_path = subsystem ? link_of(*subsystem, "PowerSupplies") : std::nullopt;
  const auto list = list_path ? session.object(*list_path) : std::nullopt;
  if (!list) return all;
  for (const std::string& each : members_of(*list, kMostSupplies)) {
    const auto supply = session.object(each);
    if (supply && absent(*supply)) continue;
    SupplyMetrics one{printable(id_of(each)), "", std::nullopt};
    if (const auto metrics = supply ? link_of(*supply, "Metrics") : std::nullopt) {
      one.path = *metrics;
      one.metrics = session.object(*metrics);
    }
    all.push_back(std::move(one));
  }
  return all;
}

// Of an AC922, whose Power lists them; none of other machines of OpenBMC, which do not know the first.
std::vector<SupplyMetrics> legacy_metrics_of(RedfishSession& session, const Json& chassis) {
  std::vector<SupplyMetrics> all;
  if (member(chassis, {"Id"}) != "chassis") return all;
  const auto path = link_of(chassis, "Power");
  const auto power = path ? session.object(*path) : std::nullopt;
  const std::size_t supplies = power ? power_supplies(*power).size() : 0;
  for (std::size_t i = 0; i < supplies; ++i) {
    SupplyMetrics one{fmt::format("ps{}", i), "", std::nullopt};
    one.path = fmt::format("/org/open_power/sensors/aggregation/per_30s/{}_input_power/average", one.id);
    one.metrics = session.object_if_any(one.path);
    if (!one.metrics && i == 0) return {};
    all.push_back(std::move(one));
  }
  return all;
}

bool has_history(const RedfishFound& found, const std::string& path) {
  return std::ranges::any_of(found.history.supplies,
                             [&](const HistorySupply& supply) { return supply.path == path; });
}

void add_metrics(RedfishSession& session, const Json& chassis, RedfishFound& found) {
  for (const SupplyMetrics& one : metrics_of(session, chassis)) {
    const RedfishWatts watts = one.metrics ? supply_watts(*one.metrics) : RedfishWatts{};
    if (watts.present || !has_history(found, one.path))
      add_supply(one.id, watts, one.path, {{}, one.path, RedfishResource::supply_metrics, 0}, found);
  }
}

constexpr const char* kHistory = " (30 s history)";
constexpr Watts kCutOff{1};  // of each average: whole watts, cut off (record_manager.cpp, see history.cc)

Channel history_channel(const std::string& name, const std::string& scope, const std::string& device,
                        std::size_t supplies) {
  Channel channel = bin_channel(name + kHistory, scope, kHistoryBin);
  channel.meter = std::string(kMeterBmc);
  channel.sample_error = kCutOff * static_cast<double>(supplies);
  channel.device = device;
  return channel;
}

// Why the sum over the supplies is none; "" where it is one.
std::string why_no_sum(const std::vector<SupplyMetrics>& all) {
  for (const SupplyMetrics& one : all)
    if (!one.metrics || !has_input_history(*one.metrics))
      return "power supply " + one.id + " keeps none, and a sum without it would not be the machine's";
  return "";
}

// The first manager that tells a time; "": none does.
std::string manager_with_time(RedfishSession& session) {
  constexpr std::size_t kMostManagers = 4;
  const auto list = session.object(session.managers_path());
  for (const std::string& path : list ? members_of(*list, kMostManagers) : std::vector<std::string>{})
    if (const auto manager = session.object(path); manager && manager_time(*manager)) return path;
  return "";
}

}  // namespace

void add_supplies(RedfishSession& session, const Json& chassis, RedfishFound& found) {
  const std::size_t before = found.channels.size(), said = found.left_out.size();
  if (const auto path = link_of(chassis, "Power"))
    if (const auto power = session.object(*path)) add_listed(*path, *power, found);
  if (found.channels.size() > before) return;
  found.left_out.resize(said);
  add_metrics(session, chassis, found);
  if (found.channels.size() == before && found.history.supplies.empty())
    found.left_out.emplace_back("no power supply tells its watts");
}

void add_history(RedfishSession& session, const Json& chassis, const std::string& scope, bool each,
                 RedfishFound& found) {
  std::vector<SupplyMetrics> all = metrics_of(session, chassis);
  if (all.empty()) all = legacy_metrics_of(session, chassis);
  RedfishHistory history;
  for (const SupplyMetrics& one : all)
    if (one.metrics && has_input_history(*one.metrics)) history.supplies.push_back({one.id, one.path});
  if (history.supplies.empty()) return;
  const auto leave_out = [&](const std::string& why) {
    found.left_out.push_back(std::string("input") + kHistory + " is left out: " + why);
  };
  if (!http_date(session.last().date) && (history.manager = manager_with_time(session)).empty())
    return leave_out("the BMC tells no time");
  const std::string why = why_no_sum(all);
  if (!why.empty()) leave_out(why);
  history.sum = why.empty();
  history.each = each;
  if (history.sum)
    history.channels.push_back(history_channel(
        "input", scope, link_of(chassis, "PowerSubsystem").value_or(""), history.supplies.size()));
  for (const HistorySupply& supply : each ? history.supplies : std::vector<HistorySupply>{})
    history.channels.push_back(history_channel(supply.name, "power supply " + supply.name, supply.path, 1));
  if (!history.channels.empty()) found.history = std::move(history);
}

}  // namespace pw
