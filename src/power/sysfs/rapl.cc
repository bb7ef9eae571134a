// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sysfs/rapl.h"

#include <algorithm>

#include "base/text.h"
#include "os/root.h"
#include "power/reader/address.h"
#include "power/reader/reading.h"

namespace pw {
namespace {

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

}  // namespace

std::vector<SysfsSensor> rapl_sensors(const std::filesystem::path& folder) {
  const Root root(folder);
  std::vector<std::string> zones = root.names("");
  std::ranges::stable_partition(zones,
                                [](const std::string& zone) { return !zone.starts_with("intel-rapl-mmio"); });
  std::vector<SysfsSensor> sensors;
  for (const std::string& zone : zones) {
    const auto name = root.text(std::filesystem::path(zone) / "name");
    if (zone.find(':') == std::string::npos || !name ||
        !root.exists(std::filesystem::path(zone) / "energy_uj"))
      continue;
    const std::string parent = root.text(std::filesystem::path(parent_of(zone)) / "name").value_or("");
    const bool inner = !parent_of(zone).empty();
    SysfsSensor sensor;
    sensor.channel.name = printable(inner ? parent + "/" + *name : *name);
    sensor.channel.kind = ChannelKind::accumulating;
    sensor.channel.scope = scope_of(printable(*name), inner ? printable(parent) : "");
    sensor.channel.refresh = kRaplRefresh;
    sensor.channel.meter = kMeterModel;
    sensor.file = folder / zone / "energy_uj";
    if (const auto range = root.number(std::filesystem::path(zone) / "max_energy_range_uj");
        range && *range > 0)
      sensor.range = static_cast<std::uint64_t>(*range);
    const bool twice = std::ranges::any_of(
        sensors, [&](const SysfsSensor& other) { return other.channel.name == sensor.channel.name; });
    if (!twice) sensors.push_back(std::move(sensor));
  }
  return sensors;
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
