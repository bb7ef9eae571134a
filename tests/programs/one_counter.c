// SPDX-License-Identifier: GPL-3.0-or-later
// A PMU with a single counter, for machines without one: loaded in front of a program it lets perf_event_open count hardware events by
// what the kernel counts itself, and refuses a group with two of them. What they count is then known:
//   branches: page faults · branch-misses: minor faults · cache-misses: context switches
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <sys/syscall.h>

enum { kDescriptors = 4096 };
static char taken[kDescriptors];  // of the group that this descriptor leads: its counter

static int played(struct perf_event_attr* attr) {
  if (attr->type != PERF_TYPE_HARDWARE) return 0;
  switch (attr->config) {
    case PERF_COUNT_HW_BRANCH_INSTRUCTIONS: attr->config = PERF_COUNT_SW_PAGE_FAULTS; break;
    case PERF_COUNT_HW_BRANCH_MISSES: attr->config = PERF_COUNT_SW_PAGE_FAULTS_MIN; break;
    case PERF_COUNT_HW_CACHE_MISSES: attr->config = PERF_COUNT_SW_CONTEXT_SWITCHES; break;
    default: return 0;
  }
  attr->type = PERF_TYPE_SOFTWARE;
  return 1;
}

typedef long (*Call)(long, long, long, long, long, long, long);

static long open_event(Call call, const long* a) {
  struct perf_event_attr attr = *(const struct perf_event_attr*)a[0];
  const int leader = (int)a[3];  // callers hand on an int
  const int counts = played(&attr);
  if (counts && leader >= 0 && leader < kDescriptors && taken[leader]) {
    errno = EINVAL;
    return -1;
  }
  const long fd = call(SYS_perf_event_open, (long)&attr, a[1], a[2], leader, a[4], 0);
  if (fd < 0) return fd;
  if (leader < 0 && fd < kDescriptors) taken[fd] = (char)counts;
  if (leader >= 0 && leader < kDescriptors && counts) taken[leader] = 1;
  return fd;
}

long syscall(long number, ...) {
  static Call next;
  if (!next) next = (Call)dlsym(RTLD_NEXT, "syscall");
  long a[6];
  va_list list;
  va_start(list, number);
  for (int i = 0; i < 6; ++i) a[i] = va_arg(list, long);
  va_end(list);
  return number == SYS_perf_event_open && a[0] ? open_event(next, a) : next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
