// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/rapl.h"

#include <algorithm>

#include "base/text.h"
#include "os/root.h"

namespace pw {
namespace {

constexpr Nanoseconds kRaplRefresh{1'000'000};  // Intel SDM volume 3, 15.10: about 1 ms

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
  PowerSource source;
  source.name = "rapl";
  source.address = folder;
  source.rate_hz = rate_hz;
  return open_sysfs(
      std::move(source), rapl_sensors(folder), "there is no powercap zone with an energy counter",
      "virtual machines have none; sudo modprobe intel_rapl_common intel_rapl_msr on bare metal");
}

}  // namespace pw
