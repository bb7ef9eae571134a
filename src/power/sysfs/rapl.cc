// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sysfs/rapl.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "os/root.h"
#include "power/reader/address.h"
#include "power/reader/reading.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

// "package-1-die-0" -> "socket 1 die 0".
std::string place_of(const std::string& package) {
  std::string place;
  const std::vector<std::string> words = split(package, '-');
  for (const std::string& word : words)
    place += (place.empty() ? "" : " ") + (word == "package" ? "socket" : word);
  return place;
}

std::string scope_of(const std::string& zone, const std::string& parent) {
  if (zone == "psys") return std::string(kWholeMachine);
  if (parent.empty()) return place_of(zone);
  if (zone == "core") return place_of(parent) + " cores";
  if (zone == "dram") return place_of(parent) + " memory";
  return place_of(parent) + " " + zone;
}

// "intel-rapl:0:1" -> "intel-rapl:0"; "" for a zone that is in no other.
std::string parent_of(const std::string& folder) {
  const std::size_t first = folder.find(':'), last = folder.rfind(':');
  return first == last ? "" : folder.substr(0, last);
}

bool is_mmio(const std::string& zone) { return zone.starts_with("intel-rapl-mmio"); }

// The folders in `folder` that are zones with an energy counter, those of intel-rapl-mmio last.
std::vector<std::string> zones_in(const Root& root, const fs::path& folder) {
  std::vector<std::string> zones = root.names(folder);
  std::erase_if(zones, [&](const std::string& zone) {
    return zone.find(':') == std::string::npos || !root.text(folder / zone / "name") ||
           !root.exists(folder / zone / "energy_uj");
  });
  std::stable_partition(zones.begin(), zones.end(), [](const std::string& zone) { return !is_mmio(zone); });
  return zones;
}

// What a zone is called and measures.
struct ZoneNames {
  std::string name, scope;
};

ZoneNames names_of(const Root& root, const fs::path& folder, const std::string& zone) {
  const auto name_in = [&](const std::string& of) {
    return printable(root.text(folder / of / "name").value_or(""));
  };
  const std::string name = name_in(zone);
  if (parent_of(zone).empty()) return {name, scope_of(name, "")};
  const std::string parent = name_in(parent_of(zone));
  return {parent + "/" + name, scope_of(name, parent)};
}

// The largest of a zone's constraints: what it may draw at most, and what it is limited to for a while.
std::optional<Watts> limit_of(const Root& root, const fs::path& zone) {
  long most = 0;  // microwatts
  for (const std::string& file : root.names(zone))
    if (file.starts_with("constraint_") &&
        (file.ends_with("_max_power_uw") || file.ends_with("_power_limit_uw")))
      most = std::max(most, root.number(zone / file).value_or(0));
  return most > 0 ? std::optional(Watts{static_cast<double>(most) * 1e-6}) : std::nullopt;
}

SysfsSensor sensor_of_zone(const Root& root, const fs::path& folder, const std::string& zone) {
  SysfsSensor sensor;
  ZoneNames names = names_of(root, "", zone);
  sensor.channel.name = std::move(names.name);
  sensor.channel.scope = std::move(names.scope);
  sensor.channel.kind = ChannelKind::accumulating;
  sensor.channel.refresh = kRaplRefresh;
  sensor.channel.meter = kMeterModel;
  sensor.file = folder / zone / "energy_uj";
  sensor.channel.device = device_of(sensor.file);
  const long range = root.number(fs::path(zone) / "max_energy_range_uj").value_or(0);
  if (range > 0) sensor.range = static_cast<std::uint64_t>(range);
  sensor.limit = limit_of(root, zone);
  return sensor;
}

}  // namespace

std::vector<SysfsSensor> rapl_sensors(const fs::path& folder) {
  const Root root(folder);
  std::vector<SysfsSensor> sensors;
  for (const std::string& zone : zones_in(root, "")) {
    SysfsSensor sensor = sensor_of_zone(root, folder, zone);
    const bool twice = is_mmio(zone) && std::ranges::any_of(sensors, [&](const SysfsSensor& other) {
                         return other.channel.name == sensor.channel.name;
                       });
    if (!twice) sensors.push_back(std::move(sensor));
  }
  return sensors;
}

std::optional<Watts> rapl_limit(const Root& root, const std::string& scope) {
  const fs::path folder = fs::path(kPowercapFolder).relative_path();
  for (const std::string& zone : zones_in(root, folder))
    if (names_of(root, folder, zone).scope == scope) return limit_of(root, folder / zone);
  return std::nullopt;
}

Result<std::unique_ptr<PowerReader>> open_rapl(const std::string& folder, double rate_hz) {
  return open_sysfs(
      power_source("rapl", folder, rate_hz), rapl_sensors(folder),
      "there is no powercap zone with an energy counter",
      "virtual machines have none; sudo modprobe intel_rapl_common intel_rapl_msr on bare metal");
}

namespace {

Result<std::unique_ptr<PowerReader>> open_rapl_source(const std::string& address, const PowerRequest&,
                                                      double rate_hz, Nanoseconds) {
  return open_rapl(path_in(address, kPowercapFolder), rate_hz);
}

PowerAdvice rapl_advice() {
  if (rapl_sensors(kPowercapFolder).empty())
    return {"sudo modprobe -a intel_rapl_common intel_rapl_msr",
            "sudo modprobe -r intel_rapl_msr intel_rapl_common"};
  return {"sudo chmod a+r /sys/class/powercap/*/energy_uj",
          "sudo chmod 0400 /sys/class/powercap/*/energy_uj"};
}

}  // namespace

constinit const PowerKind kRaplPower = {"rapl",
                                        "RAPL energy counters of x86 packages, cores and memory (powercap)",
                                        "rapl; rapl:DIR: another folder than /sys/class/powercap",
                                        10,
                                        opens_here<open_rapl_source>,
                                        open_rapl_source,
                                        rapl_advice};

}  // namespace pw
