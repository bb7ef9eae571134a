// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/occ/occ.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/text.h"
#include "os/clock.h"
#include "os/descriptor.h"
#include "os/root.h"
#include "power/occ/chip.h"
#include "power/occ/layout.h"
#include "power/occ/rounding.h"
#include "power/reader/address.h"
#include "power/reader/reading.h"
#include "power/reader/warnings.h"

namespace pw {
namespace {

constexpr Nanoseconds kThrottleEvery{1'000'000'000};
constexpr std::size_t kMostChips = 64;

// "PWRPROC" of the second chip measures "socket 1": chips are numbered in the order of their blocks.
std::string scope_of(const std::string& sensor, std::size_t chip) {
  if (sensor == "PWRSYS") return std::string(kWholeMachine);
  const std::string socket = fmt::format("socket {}", chip);
  if (sensor == "PWRPROC") return socket;
  if (sensor == "PWRMEM") return socket + " memory";
  if (sensor == "PWRGPU") return fmt::format("GPUs of socket {}", chip);
  if (sensor.starts_with("PWRAPSS")) return "a rail of the machine";
  return fmt::format("{} rail of socket {}", sensor.substr(3), chip);
}

// QEMU's firmware exports OCC sensors that no device stands behind: reading them is a fault in the kernel,
// which kills the reader. A file put over them may be read.
bool kills_its_reader(int fd) {
  struct statfs system {};
  return ::fstatfs(fd, &system) == 0 && system.f_type == SYSFS_MAGIC &&
         Root().text("proc/device-tree/model").value_or("").find("emulated by qemu") != std::string::npos;
}

class OccReader : public PowerReader {
 public:
  OccReader(std::string path, Descriptor file, double rate_hz)
      : path_(std::move(path)), file_(std::move(file)), rate_hz_(rate_hz) {}

  // The OCCs of the first `blocks` blocks; how many there are.
  std::size_t find_chips(std::size_t blocks) {
    for (std::size_t block = 0; block < blocks; ++block) {
      const std::size_t base = block * occ::kBlockSize;
      if (auto chip = occ::Chip::open(file_.fd(), base))
        chips_.push_back(std::move(*chip));
      else if (occ::Chip::written(file_.fd(), base))
        left_out_.push_back(fmt::format(
            "block {} is left out: it is not valid or has no power sensor; its OCC may still be starting",
            block));
    }
    return chips_.size();
  }

  PowerSource describe() const override { return power_source("occ", path_, rate_hz_); }

  std::vector<Channel> channels() const override {
    std::vector<Channel> channels;
    for (std::size_t chip = 0; chip < chips_.size(); ++chip) {
      const auto& sensors = chips_[chip].sensors();
      const bool power10 = std::ranges::count(sensors, "PWRVCS", &occ::Sensor::name) > 0;
      for (const occ::Sensor& sensor : sensors) {
        channels.push_back({0, chips_.size() > 1 ? fmt::format("OCC{} {}", chip, sensor.name) : sensor.name,
                            ChannelKind::accumulating, scope_of(sensor.name, chip), sensor.scale / sensor.hz,
                            occ::kRefresh, std::string(kMeterOnChip), occ::kTimestampHz,
                            occ::rounding_error(sensor.name, power10) * sensor.scale});
        channels.back().device = fmt::format("{}#{}/{}", printable(path_), chips_[chip].block(), sensor.name);
      }
    }
    return channels;
  }

  void read_into(std::vector<PowerSample>& samples) override {
    Nanoseconds now = monotonic_now();
    for (std::size_t chip = 0; chip < chips_.size(); ++chip) now = read_chip(chip, now, samples);
    if (now >= next_throttles_) {
      next_throttles_ = now + kThrottleEvery;
      for (std::size_t chip = 0; chip < chips_.size(); ++chip)
        for (const std::string& what : chips_[chip].take_throttles())
          warnings_.say(fmt::format("OCC{}{}{}", chip, kThrottledNote, what));
    }
  }

  bool cheap() const override { return true; }
  std::vector<std::string> take_warnings() override { return warnings_.take(); }
  std::vector<std::string> left_out() const override { return left_out_; }

 private:
  // When it ended.
  Nanoseconds read_chip(std::size_t number, Nanoseconds begin, std::vector<PowerSample>& samples) {
    occ::Chip& chip = chips_[number];
    const occ::ReadResult result = chip.read();
    const Nanoseconds end = monotonic_now();
    if (result == occ::ReadResult::reset)
      warnings_.say(
          fmt::format("OCC{} was reset, or its sums jumped: the energy meanwhile is unknown", number));
    for (std::size_t i = 0; i < chip.sensors().size(); ++i) {
      PowerSample& sample = samples.emplace_back();
      sample.channel = static_cast<int>(samples.size()) - 1;
      stamp(sample, begin, end);
      sample.status = result == occ::ReadResult::failed  ? SampleStatus::error
                      : result == occ::ReadResult::reset ? SampleStatus::reset
                                                         : SampleStatus::ok;
      if (result != occ::ReadResult::failed) {
        sample.joules = chip.joules(i);
        sample.sensor_time = static_cast<std::int64_t>(chip.timestamp());
      }
    }
    return end;
  }

  std::string path_;
  Descriptor file_;
  double rate_hz_;
  std::vector<occ::Chip> chips_;
  std::vector<std::string> left_out_;
  Nanoseconds next_throttles_;
  Warnings warnings_;
};

}  // namespace

Result<std::unique_ptr<PowerReader>> open_occ(const std::string& path, double rate_hz) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file) {
    const int error = errno;
    return fail_errno(Failure::not_possible, "the OCC's sensors cannot be read", error, path,
                      error == ENOENT ? "they exist on bare-metal POWER9 and POWER10 (PowerNV) only"
                                      : "only root may: see perfwatt doctor");
  }
  if (kills_its_reader(file.fd()))
    return fail(Failure::not_possible, "QEMU emulates no OCC: reading its sensors would kill perfwatt", path);
  struct stat status {};
  ::fstat(file.fd(), &status);
  const std::size_t blocks = std::min(static_cast<std::size_t>(status.st_size) / occ::kBlockSize, kMostChips);
  auto reader = std::make_unique<OccReader>(path, std::move(file), rate_hz);
  if (reader->find_chips(blocks) == 0)
    return fail(Failure::not_possible,
                fmt::format("none of {} OCC blocks is valid and has a power sensor", blocks), path,
                "the firmware may still be starting its OCCs");
  if (tells_a_value(*reader)) return reader;
  return fail(Failure::not_possible, "the OCC's sensors hold no valid reading", path, "try again later");
}

namespace {

// A little faster than the OCC copies its sensors out, so that among some readings one is fresh: time stamps
// then tell the age of all.
constexpr double kOccHz = 26;

Result<std::unique_ptr<PowerReader>> open_occ_source(const std::string& address, const PowerRequest&,
                                                     double rate_hz, Nanoseconds) {
  return open_occ(path_in(address, kOccFile), rate_hz);
}

PowerAdvice occ_advice() {
  if (::access(kOccFile, F_OK) != 0) return {};
  return {fmt::format("sudo chmod a+r {}", kOccFile), fmt::format("sudo chmod 0400 {}", kOccFile)};
}

}  // namespace

constinit const PowerKind kOccPower = {
    "occ",
    "POWER9 and POWER10 On-Chip Controllers, in-band: energy of the machine, sockets, memory, GPUs",
    "occ: bare metal; occ:FILE: another file",
    kOccHz,
    opens_here<open_occ_source>,
    open_occ_source,
    occ_advice};

}  // namespace pw
