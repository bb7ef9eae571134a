// SPDX-License-Identifier: GPL-3.0-or-later
// Sensors that are files with a number in them: powercap zones, hwmon devices.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "power/reader/power_reader.h"
#include "power/reader/warnings.h"

namespace pw {

struct SysfsSensor {
  Channel channel;  // accumulating: the file holds microjoules; instantaneous: microwatts
  std::filesystem::path file;
  std::uint64_t range = 0;          // an energy counter begins anew there; 0: it does not
  std::optional<Watts> limit = {};  // of an energy counter's part, as its files say
};

// The file's path with its links resolved: what stands behind a channel.
std::string device_of(const std::filesystem::path& file);

class SysfsReader : public PowerReader {
 public:
  // `left_out`: what the reader says of that name.
  SysfsReader(PowerSource source, std::vector<SysfsSensor> sensors, std::vector<std::string> left_out = {});
  SysfsReader(const SysfsReader&) = delete;
  SysfsReader& operator=(const SysfsReader&) = delete;
  ~SysfsReader() override;

  PowerSource describe() const override { return source_; }
  std::vector<Channel> channels() const override;
  void read_into(std::vector<PowerSample>& samples) override;
  bool cheap() const override { return true; }
  void read_kind_into(ChannelKind kind, std::vector<PowerSample>& samples) override;
  std::vector<std::string> take_warnings() override;
  std::vector<std::string> left_out() const override { return left_out_; }

  // Why a sensor has no value, after the first reading: an errno, 0 where it is none, and words; "" where it
  // has one.
  struct Trouble {
    int error = 0;
    std::string what;
  };
  Trouble trouble_of(std::size_t number, const PowerSample& first) const;

 private:
  struct Open;
  PowerSample read_one(std::size_t number);

  PowerSource source_;
  std::vector<std::string> left_out_;
  std::vector<Open> open_;
  Warnings warnings_;
};

// Leaves out the sensors that have no value now, or would be read too rarely: see PowerReader::left_out().
// Failure::not_possible where all are.
Result<std::unique_ptr<PowerReader>> open_sysfs(PowerSource source, std::vector<SysfsSensor> sensors,
                                                const std::string& nothing_found, const std::string& hint);

}  // namespace pw
