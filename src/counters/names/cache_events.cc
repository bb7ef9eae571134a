// SPDX-License-Identifier: GPL-3.0-or-later
#include <linux/perf_event.h>

#include <array>

#include "counters/names/event_names.h"

namespace pw {
namespace {

struct Cache {
  const char* name;
  std::uint64_t id;
  bool loads, stores, prefetches;  // the operations that perf has names for
};

constexpr std::array<Cache, 7> kCaches = {{
    {"L1-dcache", PERF_COUNT_HW_CACHE_L1D, true, true, true},
    {"L1-icache", PERF_COUNT_HW_CACHE_L1I, true, false, true},
    {"LLC", PERF_COUNT_HW_CACHE_LL, true, true, true},
    {"dTLB", PERF_COUNT_HW_CACHE_DTLB, true, true, true},
    {"iTLB", PERF_COUNT_HW_CACHE_ITLB, true, false, false},
    {"branch", PERF_COUNT_HW_CACHE_BPU, true, false, false},
    {"node", PERF_COUNT_HW_CACHE_NODE, true, true, true},
}};

struct Operation {
  const char* plural;
  const char* singular;
  std::uint64_t id;
  bool Cache::*has;
};

constexpr std::array<Operation, 3> kOperations = {{
    {"loads", "load", PERF_COUNT_HW_CACHE_OP_READ, &Cache::loads},
    {"stores", "store", PERF_COUNT_HW_CACHE_OP_WRITE, &Cache::stores},
    {"prefetches", "prefetch", PERF_COUNT_HW_CACHE_OP_PREFETCH, &Cache::prefetches},
}};

EventRequest request(const Cache& cache, const Operation& operation, bool miss) {
  EventRequest event;
  event.type = PERF_TYPE_HW_CACHE;
  event.config = cache.id | operation.id << 8 |
                 std::uint64_t{miss ? PERF_COUNT_HW_CACHE_RESULT_MISS : PERF_COUNT_HW_CACHE_RESULT_ACCESS}
                     << 16;
  event.name = std::string(cache.name) + "-" +
               (miss ? std::string(operation.singular) + "-misses" : std::string(operation.plural));
  event.meaning = std::string(cache.name) + " " + operation.singular + (miss ? " misses" : " accesses");
  return event;
}

}  // namespace

std::vector<EventRequest> cache_events() {
  std::vector<EventRequest> events;
  for (const Cache& cache : kCaches)
    for (const Operation& operation : kOperations)
      if (cache.*operation.has)
        for (const bool miss : {false, true}) events.push_back(request(cache, operation, miss));
  return events;
}

}  // namespace pw
