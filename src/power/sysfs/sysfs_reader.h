// SPDX-License-Identifier: GPL-3.0-or-later
// Sensors that are files with a number in them: powercap zones, hwmon devices.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "power/reader/power_reader.h"
#include "power/reader/warnings.h"

namespace pw {

struct SysfsSensor {
  Channel channel;  // accumulating: the file holds microjoules; instantaneous: microwatts
  std::filesystem::path file;
  std::uint64_t range = 0;  // an energy counter begins anew there; 0: it does not
};

// A counter that was not read for so long that 10 kW could have taken it around its range counts as reset.
class SysfsReader : public PowerReader {
 public:
  SysfsReader(PowerSource source, std::vector<SysfsSensor> sensors);
  SysfsReader(const SysfsReader&) = delete;
  SysfsReader& operator=(const SysfsReader&) = delete;
  ~SysfsReader() override;

  PowerSource describe() const override { return source_; }
  std::vector<Channel> channels() const override;
  void read_into(std::vector<PowerSample>& samples) override;
  bool cheap() const override { return true; }
  void read_kind_into(ChannelKind kind, std::vector<PowerSample>& samples) override;
  std::vector<std::string> take_warnings() override;

  // The errno of the first sensor that cannot be read; 0 where all can.
  int first_error() const;

 private:
  struct Open;
  PowerSample read_one(std::size_t number);
  void count(Open& open, std::uint64_t raw, PowerSample& sample);

  PowerSource source_;
  std::vector<Open> open_;
  Warnings warnings_;
};

// Leaves out the sensors that cannot be read; Failure::not_possible where none can.
Result<std::unique_ptr<PowerReader>> open_sysfs(PowerSource source, std::vector<SysfsSensor> sensors,
                                                const std::string& nothing_found, const std::string& hint);

}  // namespace pw
