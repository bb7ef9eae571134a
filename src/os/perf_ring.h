// SPDX-License-Identifier: GPL-3.0-or-later
// The records that the kernel writes for a perf event: perf_event_open(2), "MMAP layout".
#pragma once

#include <linux/perf_event.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <tl/expected.hpp>
#include <vector>

namespace pw {

class PerfRing {
 public:
  // The error is the errno: EPERM where more is locked than perf_event_mlock_kb lets us.
  static tl::expected<PerfRing, int> map(int fd, std::size_t pages);

  PerfRing(PerfRing&& other) noexcept;
  PerfRing& operator=(PerfRing&&) = delete;
  ~PerfRing();

  // Takes every record that is there; the bytes are those after the header.
  using Take = std::function<void(const perf_event_header&, std::span<const std::byte>)>;
  void drain(const Take& take);

 private:
  PerfRing(void* memory, std::size_t bytes) : memory_(memory), bytes_(bytes) {}
  void copy(std::uint64_t from, std::span<std::byte> to) const;
  void* memory_ = nullptr;
  std::size_t bytes_ = 0;  // with the control page
  std::vector<std::byte> record_;
};

}  // namespace pw
