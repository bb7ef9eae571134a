// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sysfs/sysfs_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "os/clock.h"
#include "os/descriptor.h"
#include "power/reader/energy_counter.h"
#include "power/reader/limits.h"
#include "power/reader/no_value.h"
#include "power/reader/reading.h"

namespace pw {
namespace {

constexpr double kMicro = 1e-6;

constexpr const char* kNoNumber = "it holds no number";

const char* remedy_for(int error) {
  if (error == EACCES || error == EPERM) return "; only root may: sudo chmod a+r, see perfwatt doctor";
  if (error == 0) return "";
  return "; is its device switched off? Try again when it is not";
}

std::string why_none(const SysfsReader::Trouble& worst) {
  if (worst.error != 0) return "its sensors cannot be read: " + worst.what;
  if (worst.what == kNoNumber) return "its sensors hold no numbers";
  return "its sensors tell no value: " + worst.what;
}

}  // namespace

struct SysfsReader::Open {
  // What a file may hold instead of a value, besides what errno says of it.
  enum class Held { value, no_number, negative, no_value };

  static const char* text_of(Held held) {
    switch (held) {
      case Held::no_number:
        return kNoNumber;
      case Held::negative:
        return "it holds a negative value";
      case Held::no_value:
        return "all its bits are set, which means no value";
      case Held::value:
        break;
    }
    return "";
  }

  static Held parse(std::string_view text, std::uint64_t& value) {
    text = trim(text);
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || stop != text.data() + text.size()) return Held::no_number;
    if (negative) return Held::negative;
    const bool all_bits = value == std::numeric_limits<std::uint64_t>::max() ||
                          value == static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return all_bits ? Held::no_value : Held::value;
  }

  SysfsSensor sensor;
  Descriptor file;
  int error = 0;  // errno of the last try
  Held held = Held::value;
  EnergyCounter<std::uint64_t> energy;
  std::string name;  // for warnings

  explicit Open(SysfsSensor it)
      : sensor(std::move(it)),
        energy({kMicro, sensor.range, power_cap(sensor.channel, sensor.limit), sensor.channel.refresh}),
        name(fmt::format("{}: {}", sensor.channel.name, sensor.file.string())) {}

  // Nothing, with `error`, where it cannot be read; nothing, with `held`, where it holds no value.
  std::optional<std::uint64_t> raw() {
    if (!file) file = Descriptor(::open(sensor.file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    std::array<char, 32> text;
    const ssize_t size = file ? ::pread(file.fd(), text.data(), text.size(), 0) : -1;
    error = size < 0 ? errno : 0;
    held = Held::value;
    if (size < 0) {
      file.close();
      return std::nullopt;
    }
    std::uint64_t value = 0;
    held = parse({text.data(), static_cast<std::size_t>(size)}, value);
    return held == Held::value ? std::optional(value) : std::nullopt;
  }

  std::string what() const {
    return error != 0 ? std::generic_category().message(error) : std::string(text_of(held));
  }

  // The driver, or the file, says itself that there is no value.
  bool no_value() const { return error == ENODATA || held == Held::negative || held == Held::no_value; }
};

std::string device_of(const std::filesystem::path& file) {
  std::error_code unknown;
  const auto path = std::filesystem::weakly_canonical(file, unknown);
  return printable((unknown ? file : path).string());
}

SysfsReader::SysfsReader(PowerSource source, std::vector<SysfsSensor> sensors,
                         std::vector<std::string> left_out)
    : source_(std::move(source)), left_out_(std::move(left_out)) {
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
    sample.status = open.no_value() ? SampleStatus::no_value : SampleStatus::error;
    warnings_.trouble(number, 1, open.name + ": " + open.what());
    return sample;
  }
  warnings_.over(number);
  if (open.sensor.channel.kind == ChannelKind::instantaneous)
    sample.watts = Watts{static_cast<double>(*raw) * kMicro};
  else
    take_count(open.energy, *raw, open.name, sample, warnings_);
  return sample;
}

std::vector<std::string> SysfsReader::take_warnings() { return warnings_.take(); }

SysfsReader::Trouble SysfsReader::trouble_of(std::size_t number, const PowerSample& first) const {
  const Open& open = open_[number];
  if (!usable(first)) return {open.error, open.what()};
  const Channel& channel = open.sensor.channel;
  if (first.watts) return {0, why_no_value(source_.name, channel, *first.watts)};
  const Joules range{static_cast<double>(open.sensor.range) * kMicro};
  const auto longest = longest_unread(range, power_cap(channel, open.sensor.limit));
  if (!longest || Seconds{1 / std::max(source_.rate_hz, kLeastCounterHz)} <= *longest) return {};
  return {0, fmt::format("{:.4g} W would take it around its {:.4g} J between two readings; {}",
                         (range / *longest).value, range.value, how_often(*longest))};
}

Result<std::unique_ptr<PowerReader>> open_sysfs(PowerSource source, std::vector<SysfsSensor> sensors,
                                                const std::string& nothing_found, const std::string& hint) {
  if (sensors.empty()) return fail(Failure::not_possible, nothing_found, source.address, hint);
  const auto all = std::make_unique<SysfsReader>(source, sensors);
  const std::vector<PowerSample> first = all->read();
  std::vector<SysfsSensor> good;
  std::vector<std::string> left_out;
  SysfsReader::Trouble worst;
  for (std::size_t i = 0; i < sensors.size(); ++i) {
    SysfsReader::Trouble trouble = all->trouble_of(i, first[i]);
    if (trouble.what.empty()) {
      good.push_back(std::move(sensors[i]));
      continue;
    }
    left_out.push_back(fmt::format("{} is left out: {}: {}{}", sensors[i].channel.name,
                                   sensors[i].file.string(), trouble.what, remedy_for(trouble.error)));
    if (worst.what.empty() || (worst.error == 0 && trouble.error != 0)) worst = std::move(trouble);
  }
  if (good.empty())
    return fail(Failure::not_possible, why_none(worst), source.address,
                worst.error == EACCES ? "only root may: see perfwatt doctor" : "");
  return std::make_unique<SysfsReader>(std::move(source), std::move(good), std::move(left_out));
}

}  // namespace pw
