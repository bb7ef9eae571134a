// SPDX-License-Identifier: GPL-3.0-or-later
// What a begin and its end take, ns: the median of some rounds, by name and by handle. bench/regions runs it
// with and without perfwatt.
#include <perfwatt/regions.h>
#include <stdio.h>
#include <stdlib.h>

#include "rounds.h"

#define ROUNDS 51
#define PAIRS 20000

#define MEASURE(what, ...)                                                     \
  do {                                                                         \
    double took[ROUNDS];                                                       \
    for (int round = 0; round < ROUNDS; ++round) {                             \
      const double begin = now();                                              \
      for (int i = 0; i < PAIRS; ++i) {                                        \
        __VA_ARGS__;                                                           \
        __asm__ volatile("" ::: "memory");                                     \
      }                                                                        \
      took[round] = (now() - begin) / PAIRS;                                   \
    }                                                                          \
    sort_rounds(took, ROUNDS);                                                 \
    printf("  %-28s%8.1f ns (least %.1f)\n", what, took[ROUNDS / 2], took[0]); \
  } while (0)

int main(void) {
  const perfwatt_region layer = perfwatt_region_named("layer");
  MEASURE("nothing", (void)0);
  MEASURE("clock_gettime", now());
  perfwatt_region_begin("predict");
  MEASURE("begin and end, by handle", perfwatt_begin(layer); perfwatt_end(layer));
  MEASURE("begin and end, by name", perfwatt_region_begin("convolution"); perfwatt_region_end("convolution"));
  MEASURE("items", perfwatt_items(1));
  perfwatt_region_end("predict");
  return 0;
}
