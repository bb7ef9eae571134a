// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sysfs/hwmon.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "os/root.h"
#include "power/occ/layout.h"
#include "power/occ/rounding.h"
#include "power/reader/address.h"
#include "power/reader/reading.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

// What a device says of its inputs.
struct Device {
  const Root& root;
  std::string folder;
  std::string name;         // of the driver
  std::vector<long> chips;  // of ibmpowernv

  std::optional<std::string> text(const std::string& file) const {
    return root.text(fs::path(folder) / file);
  }
};

// "energy12_input" -> 12, for the kind "energy" and the ending "_input".
std::optional<long> number_in(const std::string& file, std::string_view kind, std::string_view ending) {
  if (!file.starts_with(kind) || !file.ends_with(ending) || file.size() <= kind.size() + ending.size())
    return std::nullopt;
  return parse_integer(file.substr(kind.size(), file.size() - kind.size() - ending.size()));
}

std::string label_of(const Device& device, const std::string& input) {
  const auto label = device.text(input + "_label");
  return label ? printable(*label) : "";
}

std::optional<long> chip_in(const std::string& label) {
  const std::vector<std::string> words = split(label, ' ');
  if (words.size() < 2 || words[0] != "Chip") return std::nullopt;
  return parse_integer(words[1]);
}

// skiboot's labels: "System", "Chip 8", "Chip 8 Memory", "Chip 8 GPU", "Chip 8 Vdd", "APSS n".
std::string powernv_scope(const Device& device, const std::string& label) {
  if (label == "System") return std::string(kWholeMachine);
  const auto chip = chip_in(label);
  if (!chip) return "a rail of the machine";
  const auto at = std::ranges::find(device.chips, *chip) - device.chips.begin();
  const std::string socket = "socket " + std::to_string(at);
  const std::vector<std::string> words = split(label, ' ');
  if (words.size() == 2) return socket;
  if (words[2] == "Memory") return socket + " memory";
  return words[2] + " of " + socket;
}

// An OCC's name of what such a label stands for; which POWER it is the label does not say.
Watts powernv_error(const std::string& label) {
  const std::vector<std::string> words = split(label, ' ');
  const bool chip = words.size() >= 2 && words[0] == "Chip";
  if (chip && words.size() == 2) return occ::rounding_error("PWRPROC", true);
  if (chip && words[2].starts_with("Vd")) return occ::rounding_error("PWRVDD", true);
  return occ::rounding_error("PWRSYS", true);
}

std::string scope_of(const Device& device, const std::string& label) {
  if (device.name == "ibmpowernv") return powernv_scope(device, label);
  if (device.name == "power_meter") return std::string(kWholeMachine);  // ACPI, of the power supply
  return label.empty() ? device.name : device.name + " " + label;
}

SysfsSensor sensor_of(const Device& device, const fs::path& folder, const std::string& input,
                      const std::string& file, ChannelKind kind) {
  const std::string label = label_of(device, input);
  SysfsSensor sensor;
  sensor.channel.name = device.name + " " + (label.empty() ? input : label);
  sensor.channel.kind = kind;
  sensor.channel.scope = scope_of(device, label);
  const bool powernv = device.name == "ibmpowernv";
  sensor.channel.meter = powernv ? kMeterOnChip : kMeterBoard;
  if (powernv) {
    sensor.channel.refresh = occ::kRefresh;  // skiboot reads what the OCCs copy out
    if (kind == ChannelKind::instantaneous)
      sensor.channel.step = 2 * powernv_error(label).value;
    else
      sensor.channel.sample_error = powernv_error(label);
  }
  sensor.file = folder / device.folder / file;
  return sensor;
}

// "energy3" or "power3" of each input there is, in the order of their numbers.
std::vector<std::string> inputs_of(const Device& device, const std::string& kind, std::string_view ending) {
  std::vector<long> numbers;
  for (const std::string& file : device.root.names(device.folder))
    if (const auto number = number_in(file, kind, ending)) numbers.push_back(*number);
  std::ranges::sort(numbers);
  std::vector<std::string> inputs;
  for (const long number : numbers) inputs.push_back(kind + std::to_string(number));
  return inputs;
}

void find_chips(Device& device) {
  for (const char* kind : {"energy", "power"})
    for (const std::string& input : inputs_of(device, kind, "_input"))
      if (const auto chip = chip_in(label_of(device, input))) device.chips.push_back(*chip);
  std::ranges::sort(device.chips);
  const auto again = std::ranges::unique(device.chips);
  device.chips.erase(again.begin(), again.end());
}

void add_sensors(const Device& device, const fs::path& folder, std::vector<SysfsSensor>& sensors) {
  const std::size_t first = sensors.size();
  const auto known = [&](const std::string& name) {
    return std::any_of(sensors.begin() + static_cast<long>(first), sensors.end(),
                       [&](const SysfsSensor& sensor) { return sensor.channel.name == name; });
  };
  for (const std::string& input : inputs_of(device, "energy", "_input"))
    sensors.push_back(sensor_of(device, folder, input, input + "_input", ChannelKind::accumulating));
  for (const char* ending : {"_input", "_average"})
    for (const std::string& input : inputs_of(device, "power", ending)) {
      SysfsSensor sensor = sensor_of(device, folder, input, input + ending, ChannelKind::instantaneous);
      const std::string energy = device.name + " energy" + input.substr(5);
      if (!known(sensor.channel.name) && !known(energy)) sensors.push_back(std::move(sensor));
    }
}

// "hwmon3", or "hwmon3 power1_input".
std::string place_of_file(const fs::path& file, bool with_name) {
  const std::string device = file.parent_path().filename().string();
  return with_name ? device + " " + file.filename().string() : device;
}

// All that have the name of the sensor at `first`, itself among them.
std::vector<SysfsSensor*> namesakes(std::vector<SysfsSensor>& sensors, std::size_t first) {
  std::vector<SysfsSensor*> found;
  for (std::size_t i = first; i < sensors.size(); ++i)
    if (sensors[i].channel.name == sensors[first].channel.name) found.push_back(&sensors[i]);
  return found;
}

// Makes each name, and what it says it measures, one of its own.
void tell_apart(std::vector<SysfsSensor>& sensors) {
  for (std::size_t first = 0; first < sensors.size(); ++first) {
    const std::vector<SysfsSensor*> alike = namesakes(sensors, first);
    if (alike.size() == 1) continue;
    std::set<std::string> devices;
    for (const SysfsSensor* sensor : alike) devices.insert(place_of_file(sensor->file, false));
    for (SysfsSensor* sensor : alike) {
      const std::string place = " (" + place_of_file(sensor->file, devices.size() < alike.size()) + ")";
      sensor->channel.name += place;
      if (sensor->channel.scope != kWholeMachine) sensor->channel.scope += place;
    }
  }
}

}  // namespace

std::vector<SysfsSensor> hwmon_sensors(const fs::path& folder) {
  const Root root(folder);
  std::vector<SysfsSensor> sensors;
  for (const std::string& name : root.names("")) {
    const auto driver = root.text(fs::path(name) / "name");
    if (!driver) continue;
    Device device{root, name, printable(*driver), {}};
    find_chips(device);
    add_sensors(device, folder, sensors);
  }
  tell_apart(sensors);
  return sensors;
}

Result<std::unique_ptr<PowerReader>> open_hwmon(const std::string& folder, double rate_hz) {
  return open_sysfs(
      power_source("hwmon", folder, rate_hz), hwmon_sensors(folder),
      "no hwmon device has an energy or power sensor",
      "bare-metal POWER: sudo modprobe ibmpowernv; a server with an ACPI power meter: sudo modprobe "
      "acpi_power_meter");
}

namespace {

Result<std::unique_ptr<PowerReader>> open_hwmon_source(const std::string& address, const PowerRequest&,
                                                       double rate_hz, Nanoseconds) {
  return open_hwmon(path_in(address, kHwmonFolder), rate_hz);
}

PowerAdvice hwmon_advice() {
  if (fs::exists("/sys/firmware/opal")) return {"sudo modprobe ibmpowernv", "sudo modprobe -r ibmpowernv"};
  return {"sudo modprobe acpi_power_meter", "sudo modprobe -r acpi_power_meter"};
}

}  // namespace

constinit const PowerKind kHwmonPower = {
    "hwmon",
    "energy and power of hwmon devices: ibmpowernv, ACPI power meters, SCMI, INA chips",
    "hwmon; hwmon:DIR: another folder than /sys/class/hwmon",
    10,
    opens_here<open_hwmon_source>,
    open_hwmon_source,
    hwmon_advice};

}  // namespace pw
