// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/find.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/units.h"
#include "power/reader/no_value.h"
#include "power/redfish/components.h"
#include "power/redfish/supplies.h"

namespace pw {
namespace {

constexpr std::size_t kMostChassis = 64;
constexpr std::size_t kMostSensors = 256;
constexpr std::size_t kMostTried = 32;
constexpr Nanoseconds kFindPatience{10'000'000'000};

struct Candidate {
  std::string id;
  std::string path;
  bool contained = false;
  Json chassis;
  RedfishChannel whole;
};

// Whether a channel tells watts that can be.
bool tells_watts(const Channel& channel, const RedfishWatts& watts) {
  return watts.watts && why_no_value("redfish", channel, {*watts.watts}).empty();
}

class Finder {
 public:
  Finder(RedfishSession& session, const RedfishAddress& address) : session_(session), address_(address) {}

  Result<RedfishFound> find() {
    const std::optional<Json> collection = session_.object(session_.chassis_path());
    if (!collection) return no("the chassis cannot be listed: " + session_.last().what);
    std::vector<std::string> ids;
    std::vector<Candidate> candidates;
    for (const std::string& path : members_of(*collection, kMostChassis)) {
      ids.push_back(id_of(path));
      if (!address_.chassis.empty() && ids.back() != address_.chassis) continue;
      if (!candidates.empty() && session_.now() > give_up_) break;
      if (auto candidate = look_at(path)) candidates.push_back(std::move(*candidate));
    }
    if (candidates.empty()) return nothing(ids);
    return take(candidates);
  }

 private:
  static tl::unexpected<Error> no(std::string what, std::string hint = "") {
    return fail(Failure::not_possible, std::move(what), "", std::move(hint));
  }

  tl::unexpected<Error> nothing(const std::vector<std::string>& ids) const {
    if (ids.empty()) return no("the service has no chassis");
    const std::string there_are = "the chassis are " + join(ids, ", ");
    if (!address_.chassis.empty() && std::find(ids.begin(), ids.end(), address_.chassis) == ids.end())
      return no("there is no chassis '" + address_.chassis + "'", there_are);
    if (!sensors_.empty())
      return no("none of the power sensors is named as the whole machine's",
                "name one: sensor=ID, with ID one of " + join(sensors_, ", "));
    if (null_) return no("the BMC knows no watts now: its reading is null", "is the host powered on?");
    return no("no chassis tells watts" + (trouble_.empty() ? "" : " (" + trouble_ + ")"), there_are);
  }

  std::optional<Candidate> look_at(const std::string& path) {
    const std::optional<Json> chassis = session_.object(path);
    if (!chassis) {
      trouble_ = session_.last().what;
      return std::nullopt;
    }
    const bool contained = member(*chassis, {"Links", "ContainedBy"}).is_object();
    if (auto whole = whole_of(path, *chassis))
      return Candidate{id_of(path), path, contained, *chassis, std::move(*whole)};
    return std::nullopt;
  }

  bool wanted(const char* resource) const {
    if (!address_.sensor.empty()) return std::string_view(resource) == "Sensors";
    return address_.via.empty() || address_.via == resource;
  }

  std::optional<RedfishChannel> whole_of(const std::string& path, const Json& chassis) {
    std::optional<RedfishChannel> found;
    if (wanted("EnvironmentMetrics"))
      found = try_one(link_of(chassis, "EnvironmentMetrics").value_or(path + "/EnvironmentMetrics"),
                      RedfishResource::environment);
    if (!found && wanted("Power"))
      found = try_one(link_of(chassis, "Power").value_or(path + "/Power"), RedfishResource::power);
    if (!found && wanted("Sensors"))
      found = try_sensors(link_of(chassis, "Sensors").value_or(path + "/Sensors"));
    return found;
  }

  std::optional<RedfishChannel> try_one(const std::string& path, RedfishResource resource) {
    const std::optional<Json> answer = session_.object(path);
    if (!answer) {
      if (session_.last().status != 404) trouble_ = id_of(path) + ": " + session_.last().what;
      return std::nullopt;
    }
    RedfishChannel channel{{}, path, resource, 0};
    const RedfishWatts watts = watts_of(channel, *answer);
    channel.channel = redfish_channel("system", std::string(kWholeMachine), watts.watts);
    channel.channel.device = path;
    if (tells_watts(channel.channel, watts)) return channel;
    null_ = null_ || watts.present;
    return std::nullopt;
  }

  std::optional<RedfishChannel> try_sensors(const std::string& path) {
    const std::optional<Json> collection = session_.object(path);
    if (!collection) return std::nullopt;
    std::vector<std::string> paths = members_of(*collection, kMostSensors);
    std::erase_if(paths, [&](const std::string& each) {
      std::string id = id_of(each);
      std::transform(id.begin(), id.end(), id.begin(), [](unsigned char c) { return std::tolower(c); });
      return address_.sensor.empty()
                 ? id.find("pow") == std::string::npos && id.find("watt") == std::string::npos
                 : id_of(each) != address_.sensor;
    });
    std::stable_partition(paths.begin(), paths.end(),
                          [](const std::string& each) { return names_total_power(id_of(each)); });
    if (paths.size() > kMostTried) paths.resize(kMostTried);
    for (const std::string& each : paths)
      if (auto channel = try_sensor(each)) return channel;
    return std::nullopt;
  }

  std::optional<RedfishChannel> try_sensor(const std::string& path) {
    const std::optional<Json> sensor = session_.object(path);
    if (!sensor) {
      trouble_ = id_of(path) + ": " + session_.last().what;
      return std::nullopt;
    }
    const RedfishWatts watts = sensor_watts(*sensor);
    if (!watts.present) return std::nullopt;
    const Json& name = member(*sensor, {"Name"});
    const bool total = names_total_power(id_of(path)) ||
                       (name.is_string() && names_total_power(name.get_ref<const std::string&>()));
    if (!total && address_.sensor.empty()) {
      sensors_.push_back(id_of(path));
      return std::nullopt;
    }
    RedfishChannel found{
        redfish_channel(total ? "system" : printable(id_of(path)),
                        total ? std::string(kWholeMachine) : "sensor " + printable(id_of(path)), watts.watts),
        path, RedfishResource::sensor, 0};
    found.channel.device = path;
    found.channel.refresh = sensing_interval(*sensor);
    if (tells_watts(found.channel, watts)) return found;
    null_ = true;
    return std::nullopt;
  }

  Result<RedfishFound> take(std::vector<Candidate>& candidates) {
    const auto outermost = std::find_if(candidates.begin(), candidates.end(),
                                        [](const Candidate& each) { return !each.contained; });
    Candidate& chosen = outermost == candidates.end() ? candidates.front() : *outermost;
    RedfishFound found;
    found.chassis = chosen.id;
    found.channels.push_back(chosen.whole);
    std::vector<std::string> others;
    for (const Candidate& each : candidates)
      if (each.id != chosen.id) others.push_back(each.id);
    if (!others.empty())
      found.notes.push_back(fmt::format("chassis {} is read; {} tell watts, too: chassis=ID chooses",
                                        chosen.id, join(others, ", ")));
    add_parts(chosen, found);
    return found;
  }

  // What is found beside the whole, where the service is not too slow for more questions.
  void add_parts(const Candidate& chosen, RedfishFound& found) {
    if (session_.now() <= give_up_)
      add_history(session_, chosen.chassis, std::string(kWholeMachine), address_.psu, found);
    if (address_.psu) add_supplies(session_, chosen.chassis, found);
    if (address_.sensors) add_components(session_, chosen.chassis, chosen.path, found);
  }

  RedfishSession& session_;
  const RedfishAddress& address_;
  Nanoseconds give_up_ = session_.now() + kFindPatience;  // only where something was found
  std::vector<std::string> sensors_;                      // of power, but of what is not known
  std::string trouble_;
  bool null_ = false;
};

}  // namespace

Result<RedfishFound> find_redfish_power(RedfishSession& session, const RedfishAddress& address) {
  return Finder(session, address).find();
}

}  // namespace pw
