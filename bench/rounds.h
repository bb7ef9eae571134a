// SPDX-License-Identifier: GPL-3.0-or-later
// What the benches in C measure with.
#pragma once

#include <stdlib.h>
#include <time.h>

// ns.
static inline double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static inline int by_size(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

// The least first; the median is in the middle.
static inline void sort_rounds(double* took, size_t rounds) { qsort(took, rounds, sizeof *took, by_size); }
