// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/huge_pages.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <limits>

namespace pw {

void prefer_huge_pages(void* memory, std::size_t bytes) {
  constexpr std::size_t kWorthIt = std::size_t{2} << 20;
  if (bytes < kWorthIt) return;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t skipped = (page - address % page) % page;
  (void)::madvise(static_cast<char*>(memory) + skipped, (bytes - skipped) / page * page, MADV_HUGEPAGE);
}

void keep_freed_memory() {
  constexpr int kAny = std::numeric_limits<int>::max(), kAhead = 16 << 20;
  (void)::mallopt(M_MMAP_THRESHOLD, kAny);
  (void)::mallopt(M_TRIM_THRESHOLD, kAny);
  (void)::mallopt(M_TOP_PAD, kAhead);
}

}  // namespace pw
