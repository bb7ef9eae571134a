// SPDX-License-Identifier: GPL-3.0-or-later
// What an empty parallel region of 2 threads takes, ns: the median of some rounds. bench/regions runs it with
// and without the collector `omp`.
#include <omp.h>
#include <stdio.h>

#include "rounds.h"

#define ROUNDS 51
#define REGIONS 2000

int main(void) {
  double took[ROUNDS];
  for (int round = 0; round < ROUNDS; ++round) {
    const double begin = omp_get_wtime();
    for (int i = 0; i < REGIONS; ++i) {
#pragma omp parallel num_threads(2)
      __asm__ volatile("" ::: "memory");
    }
    took[round] = (omp_get_wtime() - begin) / REGIONS * 1e9;
  }
  sort_rounds(took, ROUNDS);
  printf("  a parallel region%19.1f ns (least %.1f)\n", took[ROUNDS / 2], took[0]);
  return 0;
}
