// SPDX-License-Identifier: GPL-3.0-or-later
// The blocks of /sys/firmware/opal/exports/occ_inband_sensors, one per On-Chip Controller of a POWER9 or
// POWER10. Layout: OCC Firmware Interface Specification (P9 v0.24, section 11.2.5.5; P10 v1.17,
// section 12.3.1), big-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/units.h"

namespace pw::occ {

inline constexpr std::size_t kBlockSize = 0x25800;
inline constexpr std::size_t kHeaderSize = 24;
inline constexpr std::size_t kNameSize = 48;
inline constexpr std::size_t kRecordSize = 48;
inline constexpr double kTimestampHz = 512e6;
inline constexpr Nanoseconds kRefresh{
    40'000'000};  // how often an OCC with its default sensors copies them out

using Bytes = std::span<const std::uint8_t>;

struct Header {
  std::size_t sensors;
  std::size_t names, ping, pong;  // from the start of the block
  bool operator==(const Header&) const = default;
};

enum class Structure { full = 1, counter = 2 };

struct Sensor {
  std::string name;
  std::uint16_t gsid;  // what its records begin with
  double hz;           // how often the OCC adds to its accumulator
  double scale;        // of a sample in the sensor's unit
  std::uint16_t type;  // kPower, ...
  Structure structure;
  std::size_t offset;  // of its records, from the start of ping and pong
};
inline constexpr std::uint16_t kPower = 0x80;

struct Record {
  std::uint16_t gsid;
  std::uint64_t timestamp;  // at kTimestampHz
  std::uint16_t sample;
  std::uint64_t accumulator;  // sum of all samples since the OCC started
  std::uint32_t update_tag;   // how many these are, modulo 2^32
};

// Nothing where the block is not valid, or not of this layout.
std::optional<Header> parse_header(Bytes header);

// Those whose records lie within the block; `names` holds header.sensors entries.
std::vector<Sensor> parse_names(const Header& header, Bytes names);

// Of the record that begins `bytes`, at least 10 of them.
std::uint64_t timestamp_of(Bytes bytes);

// `bytes`: kRecordSize (Structure::full), or 24 (counter), whose sample and update_tag are 0.
Record parse_record(Structure structure, Bytes bytes);

// The energy between two records of a power sensor, in joules: the mean of the samples between them times the
// time between them, which needs no exact tick. Nothing where the sensor was reset between them: it went
// back, or counted another number of samples than the time has room for.
std::optional<double> joules_between(const Sensor& sensor, const Record& before, const Record& after);

}  // namespace pw::occ
