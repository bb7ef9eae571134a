// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/huge_pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace pw {

void prefer_huge_pages(void* memory, std::size_t bytes) {
  constexpr std::size_t kWorthIt = std::size_t{2} << 20;
  if (bytes < kWorthIt) return;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t skipped = (page - address % page) % page;
  (void)::madvise(static_cast<char*>(memory) + skipped, (bytes - skipped) / page * page, MADV_HUGEPAGE);
}

}  // namespace pw
