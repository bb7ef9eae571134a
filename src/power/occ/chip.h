// SPDX-License-Identifier: GPL-3.0-or-later
// One OCC's block: its sensors, and what its accumulators have gathered since they were first read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "power/occ/layout.h"
#include "power/reader/power_cap.h"

namespace pw::occ {

enum class ReadResult {
  fresh,
  repeated,  // the OCC has written nothing since the last reading
  reset,     // the OCC began anew, or tells more than can be drawn: the energy meanwhile is unknown
  failed     // nothing valid could be read
};

class Chip {
 public:
  // `base`: where the block begins in the file. Nothing where the block is not valid or has no power sensor.
  static std::optional<Chip> open(int fd, std::size_t base);

  // Whether anything is written where a block would begin: an OCC's, though it may not be valid.
  static bool written(int fd, std::size_t base);

  // Reads the accumulators of all its power sensors, of the newer of the two buffers that the OCC writes in
  // turn, again where the OCC wrote to it meanwhile.
  ReadResult read();

  std::size_t block() const { return base_ / kBlockSize; }
  const std::vector<Sensor>& sensors() const { return power_; }
  Joules joules(std::size_t sensor) const { return joules_[sensor]; }
  std::uint64_t timestamp() const { return last_.empty() ? 0 : last_.front().timestamp; }

  // Throttle counters that rose since the last call: "PROCPWRTHROT rose by 3".
  std::vector<std::string> take_throttles();

 private:
  Chip(int fd, std::size_t base, const Header& header) : fd_(fd), base_(base), header_(header) {}

  void settle();
  bool read_names();
  bool read_at(std::size_t at, std::uint8_t* bytes, std::size_t size) const;
  std::size_t other_than(std::size_t buffer) const {
    return buffer == header_.ping ? header_.pong : header_.ping;
  }
  bool valid(std::size_t buffer) const;
  using Timestamp = std::optional<std::uint64_t>;  // of a buffer's first power record; nothing: unreadable
  Timestamp timestamp_in(std::size_t buffer) const;
  Timestamp copy(std::size_t buffer, std::vector<std::uint8_t>& bytes) const;
  ReadResult copy_newer();
  ReadResult read_records();
  ReadResult begin_anew();
  std::optional<Joules> risen(std::size_t sensor);

  int fd_;
  std::size_t base_;
  Header header_;
  std::vector<Sensor> power_, throttles_;
  std::size_t first_ = 0;                    // of power_: the offset of its first record
  std::size_t from_ = 0;                     // where in a buffer bytes_ begins: 0, the valid byte, or first_
  std::size_t newer_ = 0;                    // the buffer that was read last
  std::vector<Record> last_;                 // of power_; empty before the first reading
  std::vector<Record> records_;              // of power_, as read just now
  std::vector<Joules> joules_, risen_;       // of power_
  std::vector<PowerCap> caps_;               // of power_
  std::vector<std::uint64_t> throttled_;     // of throttles_
  std::vector<std::uint8_t> bytes_, again_;  // a buffer from from_ to its last power record
};

}  // namespace pw::occ
