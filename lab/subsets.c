/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks the kernel which sets of hardware events it opens as one group on this thread, and prints a line per set: the set and
 * `accepted` or `refused`. A CODE is gN, perf's generic event N, or a raw code in hexadecimal; a SET is CODE,CODE,...
 *   subsets every CODE...      every non-empty subset, as a mask (bit 0: the first code)
 *   subsets ask SET...         each of these
 *   subsets grown N CODE...    N sets that grow by a pseudo-random code, eight times; one that is refused is taken out again */
#define _GNU_SOURCE
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_MEMBERS = 16 };

static uint32_t random_state = 20261123;

static int open_member(const char *code, int leader) {
  const int generic = code[0] == 'g';
  struct perf_event_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.size = sizeof attr;
  attr.type = generic ? PERF_TYPE_HARDWARE : PERF_TYPE_RAW;
  attr.config = strtoull(code + generic, NULL, generic ? 10 : 16);
  attr.disabled = leader < 0;
  attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return (int)syscall(SYS_perf_event_open, &attr, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);
}

static int accepted(char **set, int count) {
  int fds[MOST_MEMBERS], opened = 0;
  while (opened < count && (fds[opened] = open_member(set[opened], opened ? fds[0] : -1)) >= 0) opened++;
  for (int i = opened - 1; i >= 0; i--) close(fds[i]);
  return opened == count;
}

static const char *verdict(char **set, int count) { return accepted(set, count) ? "accepted" : "refused"; }

static void every(char **codes, int code_count) {
  for (int mask = 1; mask < 1 << code_count; mask++) {
    char *set[MOST_MEMBERS];
    int count = 0;
    for (int i = 0; i < code_count; i++)
      if (mask >> i & 1) set[count++] = codes[i];
    printf("%d %s\n", mask, verdict(set, count));
  }
}

static void ask(char *text) {
  char *set[MOST_MEMBERS];
  int count = 0;
  printf("%s ", text);
  for (char *code = strtok(text, ","); code && count < MOST_MEMBERS; code = strtok(NULL, ",")) set[count++] = code;
  printf("%s\n", verdict(set, count));
}

static int below(int limit) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return (int)(random_state % (uint32_t)limit);
}

static void grow(char **codes, int code_count) {
  char *set[MOST_MEMBERS];
  int count = 0;
  for (int step = 0; step < 8; step++) {
    int again = 0;
    set[count] = codes[below(code_count)];
    for (int i = 0; i < count; i++) again |= set[i] == set[count];
    if (again) continue;
    for (int i = 0; i <= count; i++) printf("%s%s", i ? "," : "", set[i]);
    const char *answer = verdict(set, count + 1);
    printf(" %s\n", answer);
    count += answer[0] == 'a';
  }
}

int main(int argc, char **argv) {
  const char *what = argc > 2 ? argv[1] : "";
  if (!strcmp(what, "every") && argc - 2 <= MOST_MEMBERS)
    every(argv + 2, argc - 2);
  else if (!strcmp(what, "ask"))
    for (int i = 2; i < argc; i++) ask(argv[i]);
  else if (!strcmp(what, "grown") && argc > 3)
    for (int i = atoi(argv[2]); i > 0; i--) grow(argv + 3, argc - 3);
  else
    return fputs("subsets every CODE... | subsets ask SET... | subsets grown N CODE...\n", stderr), 2;
  return 0;
}
