// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in a slab (mark/slab.h), which any program may have written to: every number is checked.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "mark/slab.h"
#include "model/region.h"

namespace pw {

struct MarkedOccurrence {
  Nanoseconds begin, end;
};

struct LoggedOccurrence {
  int path = 0;  // index into MarkedThread::paths
  MarkedOccurrence occurrence;
};

// What was counted: words as PW_COUNT_WORDS has them.
struct MarkedCounts {
  std::int64_t counted = 0;     // calls of which they are
  std::int64_t overlapped = 0;  // of those, calls beside regions of other threads or processes
  std::vector<std::uint64_t> all, own;
};

// A path of a thread.
struct MarkedPath {
  int parent = -1;  // index into MarkedThread::paths, below its own
  std::string name;
  int ordinal = 1;
  RegionWork work;
  std::int64_t calls = 0;
  double items = 0;
  Nanoseconds total, own;
  std::vector<MarkedOccurrence> drawn;  // by chance, of all
  MarkedCounts counts;
};

// The first time that something was lost: the name, and the region that was the innermost then; "": none.
struct LostName {
  std::string name, within;
};

struct MarkedThread {
  int process = 0, thread = 0;
  std::string name;
  std::int64_t threads = 1;  // one after the other
  std::vector<MarkedPath> paths;
  std::vector<LoggedOccurrence> log;            // in the order of their ends, all
  std::optional<Nanoseconds> complete_until{};  // that ended before; nothing: all
  std::array<std::uint64_t, PW_LOST_KINDS> lost{};
  LostName end, order, open;
  int uncounted = PW_COUNTED;  // pw_uncounted: why its process counts no more
  int error = 0;               // its errno
};

struct SlabContent {
  std::vector<MarkedThread> threads;  // those that marked
  std::uint64_t refused = 0;          // processes whose library is of another version
  std::uint64_t no_room = 0;          // marks that no thread could keep
  std::uint64_t cut_names = 0;
  std::uint64_t damaged = 0;  // records that cannot be
  bool other_version = false;
};

// `groups`: how many events each group of counters has that its marks read.
SlabContent read_slab(std::string_view bytes, const std::vector<std::size_t>& groups = {});

}  // namespace pw
