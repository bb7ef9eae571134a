// SPDX-License-Identifier: GPL-3.0-or-later
// An OCC's in-band sensors in a file, from a power curve: the OCC's part of the interface, to test ours.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "power/occ/layout.h"

namespace pw::test {

inline void put(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * (size - 1 - i)));
}

// One chip at `block` of `path`, with the sensors `names`: PWRSYS (of the first chip), PWRPROC and PWRMEM.
class OccChip {
 public:
  static constexpr double kTick = 1.0 / 2000;  // the OCC adds a sample every 500 us

  OccChip(std::filesystem::path path, std::size_t block, std::uint32_t first_tag = 0,
          std::vector<std::string> names = {})
      : base_(block * occ::kBlockSize), tag_(first_tag), names_(std::move(names)) {
    fd_ = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
    if (names_.empty()) {
      names_ = {"PWRPROC", "PWRMEM"};
      if (block == 0) names_.insert(names_.begin(), "PWRSYS");
    }
    sums_.resize(names_.size());
    true_.resize(names_.size());
    start();
  }
  OccChip(const OccChip&) = delete;
  OccChip& operator=(const OccChip&) = delete;
  ~OccChip() { ::close(fd_); }

  const std::vector<std::string>& names() const { return names_; }

  // Lets `seconds` pass at watts(sensor, t), whole watts a sample as the OCC has them, then writes a buffer.
  void run(double seconds, const std::function<double(std::size_t, double)>& watts) {
    const auto ticks = static_cast<int>(std::lround(seconds / kTick));
    for (int i = 0; i < ticks; ++i, time_ += kTick, ++tag_)
      for (std::size_t sensor = 0; sensor < names_.size(); ++sensor) {
        const double power = watts(sensor, time_);
        sums_[sensor] += static_cast<std::uint64_t>(std::lround(power));
        true_[sensor] += power * kTick;
      }
    write();
  }

  // Writes the other buffer, piece by piece with its valid byte cleared meanwhile, as the OCC does.
  void write() {
    buffer_ = buffer_ == kPing ? kPong : kPing;
    const std::uint8_t invalid = 0, valid = 1;
    poke(buffer_, &invalid, 1);
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::vector<std::uint8_t> record = record_of(i);
      poke(buffer_ + 8 + i * 48, record.data(), 20);
      poke(buffer_ + 8 + i * 48 + 20, record.data() + 20, 28);
    }
    poke(buffer_, &valid, 1);
  }

  // The OCC starts anew: its sums begin at 0, the time base goes on.
  void restart() {
    sums_.assign(names_.size(), 0);
    tag_ = 0;
    start();
  }

  // Since the beginning.
  double true_joules(std::size_t sensor) const { return true_[sensor]; }

  void poke(std::size_t at, const void* bytes, std::size_t size) {
    if (::pwrite(fd_, bytes, size, static_cast<off_t>(base_ + at)) != static_cast<ssize_t>(size))
      std::abort();
  }

 private:
  static constexpr std::size_t kNames = 0x400, kPing = 0xDC00, kPong = 0x18C00;

  void start() {
    std::vector<std::uint8_t> block(occ::kBlockSize);
    put(block, 0, 0x0101, 2);
    put(block, 2, names_.size(), 2);
    block[4] = 1;
    put(block, 8, kNames, 4);
    block[12] = 1;
    block[13] = 48;
    put(block, 16, kPing, 4);
    put(block, 20, kPong, 4);
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::size_t at = kNames + i * 48;
      std::memcpy(&block[at], names_[i].data(), names_[i].size());
      block[at + 16] = 'W';
      put(block, at + 20, 0x100 + i, 2);
      put(block, at + 22, 2 << 8 | 3, 4);  // 2e3 Hz
      put(block, at + 26, 1 << 8, 4);
      put(block, at + 30, occ::kPower, 2);
      put(block, at + 32, i == 0 ? 1 : 2, 2);
      block[at + 34] = 1;
      put(block, at + 35, 8 + i * 48, 4);
    }
    poke(0, block.data(), block.size());
    write();
  }

  std::vector<std::uint8_t> record_of(std::size_t sensor) const {
    std::vector<std::uint8_t> record(48);
    put(record, 0, 0x100 + sensor, 2);
    put(record, 2, static_cast<std::uint64_t>(std::llround((time_ + 100) * occ::kTimestampHz)), 8);
    put(record, 28, sums_[sensor], 8);
    put(record, 36, tag_, 4);
    return record;
  }

  int fd_ = -1;
  std::size_t base_;
  std::uint32_t tag_;
  std::vector<std::string> names_;
  double time_ = 0;
  std::size_t buffer_ = kPong;
  std::vector<std::uint64_t> sums_;
  std::vector<double> true_;
};

}  // namespace pw::test
