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
  const uint64_t begin = pw_now();
  for (int i = 0; i < PAIRS; ++i) {
    perfwatt_begin(region);
    perfwatt_end(region);
  }
  return pw_now() - begin;
}

int64_t pw_mark_cost(int fd, uint64_t stamp) {
  uint64_t took[ROUNDS];
  if (!pw_attach(fd, stamp)) return -1;
  const perfwatt_region region = perfwatt_region_named("mark");
  perfwatt_region_begin("cost");
  time_pairs(region);
  for (int i = 0; i < ROUNDS; ++i) took[i] = time_pairs(region);
  perfwatt_region_end("cost");
  pw_unmap();
  qsort(took, ROUNDS, sizeof took[0], by_size);
  return (int64_t)(took[ROUNDS / 2] / PAIRS);
}

int pw_mark_start(int fd, uint64_t stamp) { return pw_attach(fd, stamp); }
void pw_mark_stop(void) { pw_unmap(); }
