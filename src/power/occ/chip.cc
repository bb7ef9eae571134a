// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/occ/chip.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "power/reader/limits.h"

namespace pw::occ {
namespace {

constexpr int kTries = 8;          // of a reading that the OCC overtakes
constexpr std::size_t kHead = 10;  // of a record: gsid and timestamp

// Records that end this near to their buffer's valid byte are copied together with it: a pread less costs
// more than so many bytes.
constexpr std::size_t kNear = 4096;

constexpr std::string_view kWhole = "PWRSYS";
constexpr Watts kLikelyPart{3e3};  // a socket's GPUs are one

// The OCC Firmware Interface Specification's names of what measures power.
bool measures_power(const Sensor& sensor) {
  const std::string_view name = sensor.name;
  return sensor.type == kPower && sensor.structure == Structure::full && sensor.scale > 0 && sensor.hz > 0 &&
         (name == kWhole || name == "PWRPROC" || name == "PWRMEM" || name == "PWRGPU" || name == "PWRVDD" ||
          name == "PWRVDN" || name == "PWRVCS" || name.starts_with("PWRAPSSCH"));
}

bool counts_throttling(const Sensor& sensor) {
  for (const std::string_view name : {"PROCPWRTHROT", "PROCOTTHROT", "MEMPWRTHROT", "MEMOTTHROT"})
    if (sensor.name == name) return true;
  return false;
}

std::size_t size_of(Structure structure) {
  return structure == Structure::full ? kRecordSize : kRecordSize / 2;
}

}  // namespace

std::optional<Chip> Chip::open(int fd, std::size_t base) {
  std::array<std::uint8_t, kHeaderSize> bytes;
  if (::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(base)) != static_cast<ssize_t>(bytes.size()))
    return std::nullopt;
  const auto header = parse_header(bytes);
  if (!header) return std::nullopt;
  Chip chip(fd, base, *header);
  if (!chip.read_names() || chip.power_.empty()) return std::nullopt;
  chip.settle();
  return chip;
}

bool Chip::written(int fd, std::size_t base) {
  std::array<std::uint8_t, kHeaderSize> bytes{};
  const bool read = ::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(base)) > 0;
  return read && std::ranges::any_of(bytes, [](std::uint8_t byte) { return byte != 0; });
}

bool Chip::read_at(std::size_t at, std::uint8_t* bytes, std::size_t size) const {
  return ::pread(fd_, bytes, size, static_cast<off_t>(base_ + at)) == static_cast<ssize_t>(size);
}

// After power_ or header_ has changed, to sensors of the same names: the sums stay.
void Chip::settle() {
  const std::size_t end = power_.back().offset + kRecordSize;
  first_ = power_.front().offset;
  from_ = end <= kNear ? 0 : first_;
  newer_ = header_.pong;
  bytes_.resize(end - from_);
  again_.resize(bytes_.size());
  joules_.resize(power_.size());
  while (caps_.size() < power_.size())
    caps_.emplace_back(std::nullopt, power_[caps_.size()].name == kWhole ? kLikelyMachineWatts : kLikelyPart);
}

bool Chip::read_names() {
  std::vector<std::uint8_t> names(header_.sensors * kNameSize);
  if (!read_at(header_.names, names.data(), names.size())) return false;
  power_.clear();
  throttles_.clear();
  for (Sensor& sensor : parse_names(header_, names)) {
    if (measures_power(sensor))
      power_.push_back(std::move(sensor));
    else if (counts_throttling(sensor))
      throttles_.push_back(std::move(sensor));
  }
  std::ranges::sort(power_, {}, &Sensor::offset);
  throttled_.clear();
  return true;
}

bool Chip::valid(std::size_t buffer) const {
  std::uint8_t valid = 0;
  return read_at(buffer, &valid, 1) && valid == 1;
}

Chip::Timestamp Chip::timestamp_in(std::size_t buffer) const {
  std::array<std::uint8_t, kHead> head;
  return read_at(buffer + first_, head.data(), kHead) ? Timestamp(timestamp_of(head)) : std::nullopt;
}

Chip::Timestamp Chip::copy(std::size_t buffer, std::vector<std::uint8_t>& bytes) const {
  if (!read_at(buffer + from_, bytes.data(), bytes.size())) return std::nullopt;
  return timestamp_of(Bytes(bytes).subspan(first_ - from_));
}

// The power records of the newer valid buffer into bytes_, unless they are those of last_. Two equal copies
// that were valid in between, or hold the valid byte set, are whole: the OCC clears the valid byte before it
// writes. It writes its buffers in turn, so that the one that was not read last is copied at once, as most
// likely the newer.
ReadResult Chip::copy_newer() {
  for (int i = 0; i < kTries; ++i) {
    const std::size_t before = newer_, likely = other_than(before);
    const Timestamp copied = copy(likely, bytes_), kept = timestamp_in(before);
    std::size_t chosen = copied && copied >= kept ? likely : before;
    const bool known_valid = chosen == likely && from_ == 0 && bytes_[0] == 1;
    if (!known_valid && !valid(chosen)) {
      chosen = other_than(chosen);
      if (!valid(chosen)) continue;
    }
    const Timestamp timestamp = chosen == likely ? copied : kept;
    if (!last_.empty() && timestamp == last_.front().timestamp) return ReadResult::repeated;
    const bool whole = chosen == likely && copied && copy(likely, again_) && again_ == bytes_;
    if (whole || chosen == before) newer_ = likely;  // the one before is then copied by the next try
    if (whole) return ReadResult::fresh;
  }
  return ReadResult::failed;
}

ReadResult Chip::read_records() {
  const ReadResult result = copy_newer();
  if (result != ReadResult::fresh) return result;
  records_.resize(power_.size());
  for (std::size_t i = 0; i < power_.size(); ++i)
    records_[i] = parse_record(Structure::full, Bytes(bytes_).subspan(power_[i].offset - from_, kRecordSize));
  return result;
}

// The names may have changed with the OCC's start; the sums go on from where they were.
ReadResult Chip::begin_anew() {
  last_.clear();
  std::array<std::uint8_t, kHeaderSize> bytes;
  if (!read_at(0, bytes.data(), bytes.size())) return ReadResult::failed;
  const auto header = parse_header(bytes);
  if (!header) return ReadResult::failed;
  const std::vector<Sensor> before = power_;
  header_ = *header;
  const auto name = [](const Sensor& sensor) { return sensor.name; };
  if (!read_names() || !std::ranges::equal(power_, before, {}, name, name)) {
    power_ = before;  // other sensors than the recording has: nothing to go on with
    return ReadResult::failed;
  }
  settle();
  if (read_records() != ReadResult::fresh) return ReadResult::failed;
  last_ = records_;
  return ReadResult::reset;
}

// The energy of a power sensor between last_ and records_; nothing where there is none that can be.
std::optional<Joules> Chip::risen(std::size_t sensor) {
  const Record &before = last_[sensor], &after = records_[sensor];
  const auto joules = joules_between(power_[sensor], before, after);
  if (!joules) return std::nullopt;
  const Seconds since{static_cast<double>(after.timestamp - before.timestamp) / kTimestampHz};
  if (!caps_[sensor].allows({*joules}, since)) return std::nullopt;
  caps_[sensor].saw(Joules{*joules} / since);
  return Joules{*joules};
}

ReadResult Chip::read() {
  const ReadResult result = read_records();
  if (result != ReadResult::fresh) return result;
  for (std::size_t i = 0; i < power_.size(); ++i)
    if (records_[i].gsid != power_[i].gsid) return begin_anew();
  if (last_.empty()) {
    last_ = records_;
    return std::ranges::all_of(joules_, [](Joules sum) { return sum.value == 0; }) ? ReadResult::fresh
                                                                                   : ReadResult::reset;
  }
  if (records_.front().update_tag == last_.front().update_tag) return ReadResult::repeated;
  risen_.resize(power_.size());
  for (std::size_t i = 0; i < power_.size(); ++i) {
    const auto joules = risen(i);
    if (!joules) return begin_anew();
    risen_[i] = *joules;
  }
  for (std::size_t i = 0; i < risen_.size(); ++i) joules_[i] += risen_[i];
  last_.swap(records_);
  return ReadResult::fresh;
}

std::vector<std::string> Chip::take_throttles() {
  std::vector<std::uint64_t> now;
  if (!valid(newer_)) return {};
  for (const Sensor& sensor : throttles_) {
    std::array<std::uint8_t, kRecordSize> bytes{};
    if (!read_at(newer_ + sensor.offset, bytes.data(), size_of(sensor.structure))) return {};
    const Record record = parse_record(sensor.structure, bytes);
    now.push_back(sensor.structure == Structure::full ? record.sample : record.accumulator);
  }
  std::vector<std::string> rose;
  for (std::size_t i = 0; i < throttled_.size() && i < now.size(); ++i)
    if (now[i] > throttled_[i])
      rose.push_back(fmt::format("{} rose by {}", throttles_[i].name, now[i] - throttled_[i]));
  throttled_ = std::move(now);
  return rose;
}

}  // namespace pw::occ
