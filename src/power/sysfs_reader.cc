// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sysfs_reader.h"

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

namespace pw {
namespace {

constexpr double kMicro = 1e-6;
constexpr double kMostSensorWatts = 10'000;

}  // namespace

struct SysfsReader::Open {
  SysfsSensor sensor;
  int fd = -1;
  int error = 0;         // errno of the last try
  bool failing = false;  // said so
  std::optional<std::uint64_t> last;
  Nanoseconds last_time;
  Joules joules;

  // Nothing, with `error`, where it cannot be read; nothing, without, where it holds no number.
  std::optional<std::uint64_t> raw() {
    if (fd < 0) fd = ::open(sensor.file.c_str(), O_RDONLY | O_CLOEXEC);
    std::array<char, 32> text;
    const ssize_t size = fd < 0 ? -1 : ::pread(fd, text.data(), text.size(), 0);
    error = size < 0 ? errno : 0;
    if (size < 0) {
      close();
      return std::nullopt;
    }
    std::uint64_t value = 0;
    const char* end = text.data() + size;
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    if (problem != std::errc() || !trim(std::string_view(stop, static_cast<std::size_t>(end - stop))).empty())
      return std::nullopt;
    return value;
  }

  void close() {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

SysfsReader::SysfsReader(PowerSource source, std::vector<SysfsSensor> sensors) : source_(std::move(source)) {
  for (SysfsSensor& sensor : sensors) open_.push_back({std::move(sensor), -1, 0, false, {}, {}, {}});
}

SysfsReader::~SysfsReader() {
  for (Open& open : open_) open.close();
}

std::vector<Channel> SysfsReader::channels() const {
  std::vector<Channel> channels;
  for (const Open& open : open_) channels.push_back(open.sensor.channel);
  return channels;
}

void SysfsReader::read_into(std::vector<PowerSample>& samples) {
  for (Open& open : open_) {
    samples.push_back(read_one(open));
    samples.back().channel = static_cast<int>(samples.size()) - 1;
  }
}

PowerSample SysfsReader::read_one(Open& open) {
  PowerSample sample;
  const Nanoseconds begin = monotonic_now();
  const auto raw = open.raw();
  const Nanoseconds end = monotonic_now();
  sample.time = begin + Nanoseconds{(end - begin).value / 2};
  sample.read = end - begin;
  if (!raw) {
    failed(open, open.error != 0 ? std::generic_category().message(open.error) : "it holds no number");
    sample.status = SampleStatus::error;
    return sample;
  }
  open.failing = false;
  if (open.sensor.channel.kind == ChannelKind::instantaneous) {
    sample.watts = Watts{static_cast<double>(*raw) * kMicro};
    return sample;
  }
  sample.status = count(open, *raw, sample.time);
  sample.joules = open.joules;
  return sample;
}

SampleStatus SysfsReader::count(Open& open, std::uint64_t raw, Nanoseconds now) {
  const std::optional<std::uint64_t> last = std::exchange(open.last, raw);
  const Nanoseconds since = now - std::exchange(open.last_time, now);
  if (!last) return SampleStatus::ok;
  const std::uint64_t range = open.sensor.range;
  const bool back = raw < *last;
  const bool wrapped = back && range > 0 && *last <= range && *last - raw > range / 2;
  const bool lost_count =
      range > 0 && to_seconds(since).value * kMostSensorWatts > static_cast<double>(range) * kMicro;
  if ((back && !wrapped) || lost_count) {
    warnings_.push_back(open.sensor.channel.name + (lost_count
                                                        ? ": not read for so long that its counter may have "
                                                          "wrapped: the energy meanwhile is unknown"
                                                        : ": its counter went back: the energy meanwhile is "
                                                          "unknown"));
    return SampleStatus::reset;
  }
  const std::uint64_t rise = wrapped ? range - *last + raw : raw - *last;
  open.joules += Joules{static_cast<double>(rise) * kMicro};
  return SampleStatus::ok;
}

void SysfsReader::failed(Open& open, const std::string& why) {
  if (std::exchange(open.failing, true)) return;
  warnings_.push_back(fmt::format("{}: {}: {}", open.sensor.channel.name, open.sensor.file.string(), why));
}

std::vector<std::string> SysfsReader::take_warnings() { return std::exchange(warnings_, {}); }

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
