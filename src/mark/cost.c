// SPDX-License-Identifier: Apache-2.0
#include "mark/cost.h"

#include <perfwatt/regions.h>
#include <stdlib.h>

#include "mark/writer.h"

#define ROUNDS 9
#define PAIRS 64

static int by_size(const void* a, const void* b) {
  const uint64_t x = *(const uint64_t*)a, y = *(const uint64_t*)b;
  return (x > y) - (x < y);
}

static uint64_t time_pairs(perfwatt_region region) {
  const uint64_t begin = perfwatt_now_();
  for (int i = 0; i < PAIRS; ++i) {
    perfwatt_begin(region);
    perfwatt_end(region);
  }
  return perfwatt_now_() - begin;
}

int64_t perfwatt_mark_cost_(int fd, uint64_t stamp) {
  uint64_t took[ROUNDS];
  if (!perfwatt_attach_(fd, stamp)) return -1;
  const perfwatt_region region = perfwatt_region_named("mark");
  perfwatt_region_begin("cost");
  time_pairs(region);
  for (int i = 0; i < ROUNDS; ++i) took[i] = time_pairs(region);
  perfwatt_region_end("cost");
  perfwatt_unmap_();
  qsort(took, ROUNDS, sizeof took[0], by_size);
  return (int64_t)(took[ROUNDS / 2] / PAIRS);
}

int perfwatt_mark_start_(int fd, uint64_t stamp) { return perfwatt_attach_(fd, stamp); }
void perfwatt_mark_stop_(void) { perfwatt_unmap_(); }
