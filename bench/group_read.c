// SPDX-License-Identifier: GPL-3.0-or-later
// The limit of bench/region-counts: two read(2) of a group of argv[1] (4 or 8) software events of this thread, ns: the median and the
// least of some rounds.
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "rounds.h"

#define ROUNDS 31
#define PAIRS 2000

static const uint64_t events[8] = {PERF_COUNT_SW_PAGE_FAULTS,     PERF_COUNT_SW_TASK_CLOCK,       PERF_COUNT_SW_CONTEXT_SWITCHES,
                                   PERF_COUNT_SW_CPU_MIGRATIONS,  PERF_COUNT_SW_PAGE_FAULTS_MIN,  PERF_COUNT_SW_PAGE_FAULTS_MAJ,
                                   PERF_COUNT_SW_ALIGNMENT_FAULTS, PERF_COUNT_SW_EMULATION_FAULTS};

static int open_event(uint64_t config, int leader) {
  struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attr, .config = config};
  attr.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  attr.exclude_kernel = attr.exclude_hv = 1;
  return (int)syscall(SYS_perf_event_open, &attr, 0, -1, leader, 0);
}

int main(int argc, char** argv) {
  const int count = argc > 1 ? atoi(argv[1]) : 4;
  double took[ROUNDS];
  uint64_t values[3 + 8];
  const int leader = open_event(events[0], -1);
  for (int i = 1; i < count && i < 8; ++i)
    if (open_event(events[i], leader) < 0) return 1;
  for (int round = 0; round < ROUNDS; ++round) {
    const double begin = now();
    for (int i = 0; i < 2 * PAIRS; ++i)
      if (read(leader, values, sizeof values) <= 0) return 1;
    took[round] = (now() - begin) / PAIRS;
  }
  sort_rounds(took, ROUNDS);
  printf("%.0f %.0f\n", took[ROUNDS / 2], took[0]);
  return 0;
}
