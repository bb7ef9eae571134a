// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/perf_ring.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pw {

tl::expected<PerfRing, int> PerfRing::map(int fd, std::size_t pages) {
  const std::size_t bytes = (pages + 1) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) return tl::unexpected(errno);
  return PerfRing(memory, bytes);
}

PerfRing::PerfRing(PerfRing&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)),
      bytes_(other.bytes_),
      record_(std::move(other.record_)) {}

PerfRing::~PerfRing() {
  if (memory_) ::munmap(memory_, bytes_);
}

void PerfRing::copy(std::uint64_t from, std::span<std::byte> to) const {
  const auto* page = static_cast<const perf_event_mmap_page*>(memory_);
  const auto* data = static_cast<const std::byte*>(memory_) + page->data_offset;
  const std::uint64_t at = from % page->data_size;
  const std::size_t first = std::min<std::size_t>(to.size(), page->data_size - at);
  std::memcpy(to.data(), data + at, first);
  std::memcpy(to.data() + first, data, to.size() - first);
}

void PerfRing::drain(const Take& take) {
  auto* page = static_cast<perf_event_mmap_page*>(memory_);
  const std::uint64_t head = std::atomic_ref(page->data_head).load(std::memory_order_acquire);
  std::uint64_t tail = page->data_tail;
  while (tail < head) {
    perf_event_header header;
    copy(tail, std::as_writable_bytes(std::span(&header, 1)));
    if (header.size < sizeof header || tail + header.size > head) break;
    record_.resize(header.size - sizeof header);
    copy(tail + sizeof header, record_);
    take(header, record_);
    tail += header.size;
  }
  std::atomic_ref(page->data_tail).store(tail, std::memory_order_release);
}

}  // namespace pw
