// SPDX-License-Identifier: GPL-3.0-or-later
// What a begin and its end of one region take where events are counted in it, ns: the median and the least of
// some rounds. With -DPAPI by PAPI's high-level interface (PAPI_EVENTS says what), else by perfwatt's marks.
// argv[1]: threads that sleep beside it; where regions count by teams, they are its team.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "rounds.h"
#ifdef PAPI
#include <papi.h>
#define BEGIN() PAPI_hl_region_begin("layer")
#define END() PAPI_hl_region_end("layer")
#define JOIN() (void)0
#else
#include <perfwatt/regions.h>
static perfwatt_region layer;
#define BEGIN() perfwatt_begin(layer)
#define END() perfwatt_end(layer)
static perfwatt_team team;
#define JOIN() perfwatt_team_join(team)
#endif

#define ROUNDS 31
#define PAIRS 2000

static pthread_barrier_t all;

static void* sleeper(void* none) {
  JOIN();
  pthread_barrier_wait(&all);
  sleep(600);
  return none;
}

int main(int argc, char** argv) {
  double took[ROUNDS];
  const int threads = argc > 1 ? atoi(argv[1]) : 0;
  pthread_barrier_init(&all, NULL, (unsigned)threads + 1);
#ifndef PAPI
  team = threads > 0 ? perfwatt_team_here() : 0;
#endif
  for (int i = 0; i < threads; ++i) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, sleeper, NULL) != 0) return 1;
  }
  pthread_barrier_wait(&all);
#ifndef PAPI
  layer = perfwatt_region_named("layer");
#endif
  for (int round = -1; round < ROUNDS; ++round) {
    const double begin = now();
    for (int i = 0; i < PAIRS; ++i) {
      BEGIN();
      END();
    }
    if (round >= 0) took[round] = (now() - begin) / PAIRS;
  }
  sort_rounds(took, ROUNDS);
  printf("%.0f %.0f\n", took[ROUNDS / 2], took[0]);
  return 0;
}
