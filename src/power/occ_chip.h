// SPDX-License-Identifier: GPL-3.0-or-later
// One OCC's block: its sensors, and what its accumulators have gathered since they were first read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "power/occ_layout.h"

namespace pw::occ {

enum class ReadResult {
  fresh,
  repeated,  // the OCC has written nothing since the last reading
  reset,     // the OCC began anew: the energy meanwhile is unknown
  failed     // nothing valid could be read
};

class Chip {
 public:
  // `base`: where the block begins in the file. Nothing where the block is not valid or has no power sensor.
  static std::optional<Chip> open(int fd, std::size_t base);

  // Reads the accumulators of all its power sensors, of the newer of the two buffers that the OCC writes in
  // turn, again where the OCC wrote to it meanwhile.
  ReadResult read();

  const std::vector<Sensor>& sensors() const { return power_; }
  Joules joules(std::size_t sensor) const { return joules_[sensor]; }
  std::uint64_t timestamp() const { return last_.empty() ? 0 : last_.front().timestamp; }

  // Throttle counters that rose since the last call: "PROCPWRTHROT rose by 3".
  std::vector<std::string> take_throttles();

 private:
  Chip(int fd, std::size_t base, const Header& header) : fd_(fd), base_(base), header_(header) {}

  bool read_names();
  bool read_at(std::size_t at, std::uint8_t* bytes, std::size_t size) const;
  struct Buffer {
    std::size_t at;
    std::uint64_t timestamp;
  };
  std::optional<Buffer> newer_buffer() const;
  std::optional<std::uint64_t> timestamp_in(std::size_t buffer) const;
  std::optional<std::vector<Record>> read_records();
  ReadResult begin_anew();

  int fd_;
  std::size_t base_;
  Header header_;
  std::vector<Sensor> power_, throttles_;
  std::vector<Record> last_;              // of power_; empty before the first reading
  std::vector<Joules> joules_;            // of power_
  std::vector<std::uint64_t> throttled_;  // of throttles_
  std::vector<std::uint8_t> bytes_;
};

}  // namespace pw::occ
