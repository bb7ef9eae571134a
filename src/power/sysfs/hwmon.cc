// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sysfs/hwmon.h"

#include <algorithm>
#include <map>
#include <optional>

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
  device.chips.erase(std::unique(device.chips.begin(), device.chips.end()), device.chips.end());
}

// What measures the same: of one label, or of one number where there is none.
std::string measured_by(const Device& device, const std::string& input) {
  const std::string label = label_of(device, input);
  return label.empty() ? input.substr(input.find_first_of("0123456789")) : label;
}

// How often each thing is measured by inputs of that kind.
std::map<std::string, int> measured_things(const Device& device, const std::string& kind) {
  std::map<std::string, int> things;
  for (const std::string& input : inputs_of(device, kind, "_input")) ++things[measured_by(device, input)];
  return things;
}

// The largest of the limits of the power inputs that measure the same as `energy`.
std::optional<Watts> limit_of_input(const Device& device, const std::string& energy) {
  double most = 0;
  for (const std::string& file : device.root.names(device.folder))
    for (const char* ending : {"_cap", "_max", "_crit"})
      if (const auto number = number_in(file, "power", ending);
          number && measured_by(device, "power" + std::to_string(*number)) == measured_by(device, energy))
        most = std::max(most, parse_number(device.text(file).value_or("")).value_or(0));
  return most > 0 ? std::optional(Watts{most * 1e-6}) : std::nullopt;
}

// How long powerN_average is the mean over: powerN_average_interval, in milliseconds.
Nanoseconds average_of(const Device& device, const std::string& input) {
  const auto ms = parse_integer(device.text(input + "_average_interval").value_or(""));
  return Nanoseconds{ms && *ms > 0 && *ms < 1'000'000'000 ? *ms * 1'000'000 : 0};
}

SysfsSensor sensor_of(const Device& device, const fs::path& folder, const std::string& input,
                      const std::string& ending) {
  const std::string label = label_of(device, input);
  const bool energy = input.starts_with("energy"), powernv = device.name == "ibmpowernv";
  SysfsSensor sensor;
  Channel& channel = sensor.channel;
  channel.name = device.name + " " + (label.empty() ? input : label);
  channel.kind = energy ? ChannelKind::accumulating : ChannelKind::instantaneous;
  channel.scope = scope_of(device, label);
  channel.meter = powernv ? kMeterOnChip : kMeterBoard;
  if (powernv) {
    channel.refresh = occ::kRefresh;  // skiboot reads what the OCCs copy out
    if (energy)
      channel.sample_error = powernv_error(label);
    else
      channel.step = 2 * powernv_error(label).value;
  }
  if (energy) sensor.limit = limit_of_input(device, input);
  if (ending == "_average") channel.averages = average_of(device, input);
  sensor.file = folder / device.folder / (input + ending);
  channel.device = device_of(sensor.file);
  return sensor;
}

void add_sensors(const Device& device, const fs::path& folder, std::vector<SysfsSensor>& sensors) {
  for (const std::string& input : inputs_of(device, "energy", "_input"))
    sensors.push_back(sensor_of(device, folder, input, "_input"));
  const std::map<std::string, int> energies = measured_things(device, "energy");
  std::map<std::string, int> powers = measured_things(device, "power");
  for (const char* ending : {"_input", "_average"})
    for (const std::string& input : inputs_of(device, "power", ending)) {
      const std::string thing = measured_by(device, input);
      const auto energy = energies.find(thing);
      // Two inputs of one label are two things.
      const bool counted = energy != energies.end() && energy->second >= powers[thing];
      const bool averaged = ending == std::string_view("_average");
      if (!counted && !(averaged && device.text(input + "_input")))
        sensors.push_back(sensor_of(device, folder, input, ending));
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
