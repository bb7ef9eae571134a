// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/occ/layout.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace pw::occ {
namespace {

constexpr std::size_t kMostSensors = (0xDC00 - 0x400) / kNameSize;
constexpr double kMostSample = 65535;
constexpr double kTagRange = 4294967296;  // an update_tag wraps after 24.8 days at 2 kHz
constexpr double kTagsInDoubt =
    0.5;  // of those that the time has room for: the OCC misses ticks when it is busy

template <class Number>
Number big_endian(Bytes bytes, std::size_t at) {
  Number value;
  std::memcpy(&value, &bytes[at], sizeof value);
  if constexpr (std::endian::native == std::endian::big) return value;
  if constexpr (sizeof value == 8) return __builtin_bswap64(value);
  if constexpr (sizeof value == 4) return __builtin_bswap32(value);
  return __builtin_bswap16(static_cast<std::uint16_t>(value));
}

// 24 bits of mantissa, 8 of a signed decimal exponent.
double decimal(std::uint32_t raw) {
  return static_cast<double>(raw >> 8) * std::pow(10.0, static_cast<std::int8_t>(raw & 0xFF));
}

std::string text(Bytes bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (byte == 0) break;
    if (byte > ' ' && byte < 0x7F) text += static_cast<char>(byte);
  }
  return text;
}

}  // namespace

std::optional<Header> parse_header(Bytes bytes) {
  if (bytes.size() < kHeaderSize) return std::nullopt;
  const bool known =
      bytes[0] == 1 && bytes[1] == 1 && bytes[4] == 1 && bytes[12] == 1 && bytes[13] == kNameSize;
  const Header header = {big_endian<std::uint16_t>(bytes, 2), big_endian<std::uint32_t>(bytes, 8),
                         big_endian<std::uint32_t>(bytes, 16), big_endian<std::uint32_t>(bytes, 20)};
  const bool inside = header.sensors > 0 && header.sensors <= kMostSensors &&
                      header.names <= kBlockSize - header.sensors * kNameSize &&
                      header.ping <= kBlockSize - kRecordSize && header.pong <= kBlockSize - kRecordSize;
  return known && inside ? std::optional(header) : std::nullopt;
}

std::vector<Sensor> parse_names(const Header& header, Bytes names) {
  std::vector<Sensor> sensors;
  for (std::size_t i = 0; i < header.sensors && (i + 1) * kNameSize <= names.size(); ++i) {
    const Bytes entry = names.subspan(i * kNameSize, kNameSize);
    const std::uint8_t structure = entry[34];
    const std::size_t offset = big_endian<std::uint32_t>(entry, 35);
    const std::size_t last = std::max(header.ping, header.pong);
    if (structure != 1 && structure != 2) continue;
    if (offset < 8 || offset > kBlockSize - last - kRecordSize) continue;
    sensors.push_back({text(entry.first(16)), big_endian<std::uint16_t>(entry, 20),
                       decimal(big_endian<std::uint32_t>(entry, 22)),
                       decimal(big_endian<std::uint32_t>(entry, 26)), big_endian<std::uint16_t>(entry, 30),
                       static_cast<Structure>(structure), offset});
  }
  return sensors;
}

std::uint64_t timestamp_of(Bytes bytes) { return big_endian<std::uint64_t>(bytes, 2); }

Record parse_record(Structure structure, Bytes bytes) {
  Record record{big_endian<std::uint16_t>(bytes, 0), timestamp_of(bytes), 0, 0, 0};
  if (structure == Structure::counter) {
    record.accumulator = big_endian<std::uint64_t>(bytes, 10);
    return record;
  }
  record.sample = big_endian<std::uint16_t>(bytes, 10);
  record.accumulator = big_endian<std::uint64_t>(bytes, 28);
  record.update_tag = big_endian<std::uint32_t>(bytes, 36);
  return record;
}

std::optional<double> joules_between(const Sensor& sensor, const Record& before, const Record& after) {
  if (after.timestamp < before.timestamp || after.accumulator < before.accumulator) return std::nullopt;
  const double seconds = static_cast<double>(after.timestamp - before.timestamp) / kTimestampHz;
  const std::uint32_t tags = after.update_tag - before.update_tag;
  if (tags == 0) return std::nullopt;
  const double ticks = seconds * sensor.hz;
  const double room = ticks < kTagRange ? ticks : std::fmod(ticks, kTagRange);
  if (std::abs(tags - room) > kTagsInDoubt * room + 2) return std::nullopt;
  const double mean = static_cast<double>(after.accumulator - before.accumulator) / tags;
  if (mean > kMostSample) return std::nullopt;
  return mean * sensor.scale * seconds;
}

}  // namespace pw::occ
