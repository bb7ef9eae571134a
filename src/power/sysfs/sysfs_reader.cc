// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sysfs/sysfs_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "os/clock.h"
#include "os/descriptor.h"
#include "power/reader/energy_counter.h"
#include "power/reader/limits.h"
#include "power/reader/reading.h"

namespace pw {
namespace {

constexpr double kMicro = 1e-6;

}  // namespace

struct SysfsReader::Open {
  SysfsSensor sensor;
  Descriptor file;
  int error = 0;  // errno of the last try
  EnergyCounter<std::uint64_t> energy;

  explicit Open(SysfsSensor it)
      : sensor(std::move(it)), energy({.scale = kMicro, .range = sensor.range, .around = kMostSensorWatts}) {}

  // Nothing, with `error`, where it cannot be read; nothing, without, where it holds no number.
  std::optional<std::uint64_t> raw() {
    if (!file) file = Descriptor(::open(sensor.file.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 32> text;
    const ssize_t size = file ? ::pread(file.fd(), text.data(), text.size(), 0) : -1;
    error = size < 0 ? errno : 0;
    if (size < 0) {
      file.close();
      return std::nullopt;
    }
    std::uint64_t value = 0;
    const char* end = text.data() + size;
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    if (problem != std::errc() || !trim(std::string_view(stop, static_cast<std::size_t>(end - stop))).empty())
      return std::nullopt;
    return value;
  }
};

SysfsReader::SysfsReader(PowerSource source, std::vector<SysfsSensor> sensors) : source_(std::move(source)) {
  for (SysfsSensor& sensor : sensors) open_.emplace_back(std::move(sensor));
}

SysfsReader::~SysfsReader() = default;

std::vector<Channel> SysfsReader::channels() const {
  std::vector<Channel> channels;
  for (const Open& open : open_) channels.push_back(open.sensor.channel);
  return channels;
}

void SysfsReader::read_into(std::vector<PowerSample>& samples) {
  for (std::size_t i = 0; i < open_.size(); ++i) {
    samples.push_back(read_one(i));
    samples.back().channel = static_cast<int>(i);
  }
}

void SysfsReader::read_kind_into(ChannelKind kind, std::vector<PowerSample>& samples) {
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (open_[i].sensor.channel.kind != kind) continue;
    samples.push_back(read_one(i));
    samples.back().channel = static_cast<int>(i);
  }
}

PowerSample SysfsReader::read_one(std::size_t number) {
  Open& open = open_[number];
  PowerSample sample;
  const Nanoseconds begin = monotonic_now();
  const auto raw = open.raw();
  stamp(sample, begin, monotonic_now());
  if (!raw) {
    sample.status = SampleStatus::error;
    warnings_.trouble(
        number, 1,
        fmt::format("{}: {}: {}", open.sensor.channel.name, open.sensor.file.string(),
                    open.error != 0 ? std::generic_category().message(open.error) : "it holds no number"));
    return sample;
  }
  warnings_.over(number);
  if (open.sensor.channel.kind == ChannelKind::instantaneous)
    sample.watts = Watts{static_cast<double>(*raw) * kMicro};
  else
    count(open, *raw, sample);
  return sample;
}

void SysfsReader::count(Open& open, std::uint64_t raw, PowerSample& sample) {
  if (const CounterStep step = open.energy.take(raw, sample.time); step != CounterStep::ok) {
    sample.status = SampleStatus::reset;
    warnings_.say(open.sensor.channel.name + ": " + to_text(step));
  }
  sample.joules = open.energy.joules();
}

std::vector<std::string> SysfsReader::take_warnings() { return warnings_.take(); }

int SysfsReader::first_error() const {
  for (const Open& open : open_)
    if (open.error != 0) return open.error;
  return 0;
}

Result<std::unique_ptr<PowerReader>> open_sysfs(PowerSource source, std::vector<SysfsSensor> sensors,
                                                const std::string& nothing_found, const std::string& hint) {
  const std::string where = source.address;
  if (sensors.empty()) return fail(Failure::not_possible, nothing_found, where, hint);
  const auto all = std::make_unique<SysfsReader>(source, sensors);
  const std::vector<PowerSample> first = all->read();
  const int error = all->first_error();
  std::vector<SysfsSensor> good;
  for (std::size_t i = 0; i < sensors.size(); ++i)
    if (usable(first[i])) good.push_back(std::move(sensors[i]));
  if (good.empty())
    return fail(Failure::not_possible,
                error != 0 ? "its sensors cannot be read: " + std::generic_category().message(error)
                           : std::string("its sensors hold no numbers"),
                where, error == EACCES ? "only root may: see perfwatt doctor" : "");
  return std::make_unique<SysfsReader>(std::move(source), std::move(good));
}

}  // namespace pw
