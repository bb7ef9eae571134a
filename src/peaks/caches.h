// SPDX-License-Identifier: GPL-3.0-or-later
// The sizes of the caches, and of what is read to measure them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/root.h"

namespace pw {

struct CacheLevel {
  std::size_t bytes = 0;
  std::vector<int> cpus;  // that share it; none: not known, and taken to be its own
};

// Of the data caches that a CPU has, as the kernel tells. Nothing: it does not, or there is none.
struct Caches {
  std::optional<CacheLevel> l1, l2, l3;
};
Caches read_caches(const Root& root, int cpu);

// What each of some threads reads to measure a level of the memory.
struct WorkingSet {
  std::size_t bytes = 0;
  std::string note;  // what is not as it should be: "L1 taken as 32 KiB: its size is not known"
};

// `cpus`: where the threads run that share the caches of the first; 64 B to 4 TiB. Errors (not_possible): the
// size is not known, or the level cannot be told from the one below; of the memory: `available` bytes are too
// few.
Result<WorkingSet> working_set(const Caches& caches, std::string_view quantity, const std::vector<int>& cpus,
                               std::size_t available);

// "MemAvailable", or what the control group allows, where that is less. 0: not known.
std::size_t available_memory(const Root& root);

}  // namespace pw
