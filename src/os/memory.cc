// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace pw {

void prefer_huge_pages(void* begin, std::size_t bytes) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto from = reinterpret_cast<std::uintptr_t>(begin);
  const std::uintptr_t first = (from + page - 1) / page * page, last = (from + bytes) / page * page;
  if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
}

}  // namespace pw
