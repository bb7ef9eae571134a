// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/buffer_pool.h"

#include <cstdlib>
#include <new>

#include "os/huge_pages.h"

namespace pw::inference {

void BufferPool::Free::operator()(void* memory) const { std::free(memory); }

BufferPool::Buffer BufferPool::take(std::size_t bytes) {
  constexpr std::size_t kPage = 4096, kHugePage = std::size_t{2} << 20;
  State& state = *state_;
  auto found = state.unused.lower_bound(bytes);
  if (found == state.unused.end()) {
    const std::size_t size = (bytes / kPage + 1) * kPage;
    if (size > kMostBytes - state.bytes) throw std::bad_alloc();
    void* memory = nullptr;
    if (::posix_memalign(&memory, size < kHugePage ? kPage : kHugePage, size) != 0) throw std::bad_alloc();
    prefer_huge_pages(memory, size);
    state.all.emplace_back(memory);
    state.bytes += size;
    found = state.unused.emplace(size, memory);
  }
  const auto [size, memory] = *found;
  state.unused.erase(found);
  return {memory, [keep = state_, size = size](void* unused) { keep->unused.emplace(size, unused); }};
}

}  // namespace pw::inference
