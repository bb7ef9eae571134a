// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/occ_chip.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace pw::occ {
namespace {

constexpr int kTries = 8;          // of a reading that the OCC overtakes
constexpr std::size_t kHead = 10;  // of a record: gsid and timestamp

// The OCC Firmware Interface Specification's names of what measures power.
bool measures_power(const Sensor& sensor) {
  const std::string_view name = sensor.name;
  return sensor.type == kPower && sensor.structure == Structure::full && sensor.scale > 0 && sensor.hz > 0 &&
         (name == "PWRSYS" || name == "PWRPROC" || name == "PWRMEM" || name == "PWRGPU" || name == "PWRVDD" ||
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
  return chip;
}

bool Chip::read_at(std::size_t at, std::uint8_t* bytes, std::size_t size) const {
  return ::pread(fd_, bytes, size, static_cast<off_t>(base_ + at)) == static_cast<ssize_t>(size);
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
  joules_.resize(power_.size());
  throttled_.clear();
  return true;
}

// The valid buffer with the later timestamp in its first power record. The timestamp is read first: a buffer
// that is valid after that holds all that belongs to it, or a later one.
std::optional<Chip::Buffer> Chip::newer_buffer() const {
  std::optional<Buffer> newer;
  for (const std::size_t at : {header_.ping, header_.pong}) {
    const auto timestamp = timestamp_in(at);
    std::uint8_t valid = 0;
    if (!timestamp || !read_at(at, &valid, 1) || valid != 1) continue;
    if (!newer || *timestamp > newer->timestamp) newer = {at, *timestamp};
  }
  return newer;
}

std::optional<std::uint64_t> Chip::timestamp_in(std::size_t buffer) const {
  std::array<std::uint8_t, kHead> head;
  if (!read_at(buffer + power_.front().offset, head.data(), kHead)) return std::nullopt;
  return timestamp_of(head);
}

// All power records of one buffer in one read, and its timestamp again, which tells whether the OCC wrote to
// it meanwhile: nothing where none could be read whole.
std::optional<std::vector<Record>> Chip::read_records() {
  const std::size_t first = power_.front().offset, size = power_.back().offset + kRecordSize - first;
  bytes_.resize(size);
  for (int i = 0; i < kTries; ++i) {
    const auto buffer = newer_buffer();
    if (!buffer || !read_at(buffer->at + first, bytes_.data(), size)) continue;
    if (timestamp_of(bytes_) != buffer->timestamp || timestamp_in(buffer->at) != buffer->timestamp) continue;
    std::vector<Record> records;
    for (const Sensor& sensor : power_)
      records.push_back(
          parse_record(Structure::full, Bytes(bytes_).subspan(sensor.offset - first, kRecordSize)));
    return records;
  }
  return std::nullopt;
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
    joules_.resize(power_.size());
    return ReadResult::failed;
  }
  const auto records = read_records();
  if (!records) return ReadResult::failed;
  last_ = *records;
  return ReadResult::reset;
}

ReadResult Chip::read() {
  const auto records = read_records();
  if (!records) return ReadResult::failed;
  for (std::size_t i = 0; i < power_.size(); ++i)
    if ((*records)[i].gsid != power_[i].gsid) return begin_anew();
  if (last_.empty()) {
    last_ = *records;
    return joules_.empty() || std::ranges::all_of(joules_, [](Joules sum) { return sum.value == 0; })
               ? ReadResult::fresh
               : ReadResult::reset;
  }
  if (records->front().timestamp == last_.front().timestamp ||
      records->front().update_tag == last_.front().update_tag)
    return ReadResult::repeated;
  std::vector<Joules> risen;
  for (std::size_t i = 0; i < power_.size(); ++i) {
    const auto joules = joules_between(power_[i], last_[i], (*records)[i]);
    if (!joules) return begin_anew();
    risen.push_back({*joules});
  }
  for (std::size_t i = 0; i < risen.size(); ++i) joules_[i] += risen[i];
  last_ = *records;
  return ReadResult::fresh;
}

std::vector<std::string> Chip::take_throttles() {
  std::vector<std::uint64_t> now;
  const auto buffer = newer_buffer();
  for (const Sensor& sensor : throttles_) {
    std::array<std::uint8_t, kRecordSize> bytes{};
    if (!buffer || !read_at(buffer->at + sensor.offset, bytes.data(), size_of(sensor.structure))) return {};
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
