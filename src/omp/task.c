// SPDX-License-Identifier: Apache-2.0
// Tasks run in whichever thread waits, many in the barrier behind a thread's share: each is in a region named
// as its code.
#include <stdlib.h>
#include <string.h>

#include "omp/behind.h"
#include "omp/marks.h"

typedef void code(void*);
typedef void copier(void*, void*);

// What libgomp copies: this, and `header` bytes from its begin the task's own data.
struct task {
  code* run;
  copier* copy;
  void* data;  // where it was given
  size_t header;
  uint32_t region;
};

#define DETACHED (1u << 13)  // libgomp writes into the data of such a task
#define MOST_DATA 65536      // which is copied onto the stack

static void run_task(void* data) {
  struct task* const task = data;
  const uint32_t region = task->region;
  perfwatt_omp_begin_(region);
  task->run((char*)data + task->header);
  perfwatt_omp_end_(region);
}

static void copy_task(void* to, void* from) {
  const struct task* const task = from;
  memcpy(to, from, sizeof *task);
  task->copy((char*)to + task->header, task->data);
}

#define PARAMETERS                                                                                       \
  code *run, void *data, copier *copy, long size, long align, _Bool now, unsigned flags, void **depends, \
      int priority, void *event

typedef void start(PARAMETERS);
EXPORTED start GOMP_task;

void GOMP_task(PARAMETERS) {
  BEHIND(GOMP_task);
  start* const call = (start*)real;
  const uint32_t region = perfwatt_ompt_ || (flags & DETACHED) || size < 0 || size > MOST_DATA || align > 4096
                              ? 0
                              : perfwatt_omp_region_((const void*)run);
  if (region == 0) {
    call(run, data, copy, size, align, now, flags, depends, priority, event);
    return;
  }
  const size_t by = align > (long)_Alignof(struct task) ? (size_t)align : _Alignof(struct task);
  const size_t header = (sizeof(struct task) + by - 1) / by * by;
  char room[header + (copy ? 0 : (size_t)size) + by];
  struct task* const task = (struct task*)(((uintptr_t)room + by - 1) / by * by);
  *task = (struct task){run, copy, data, header, region};
  if (!copy && size > 0) memcpy((char*)task + header, data, (size_t)size);
  call(run_task, task, copy ? copy_task : NULL, (long)header + size, (long)by, now, flags, depends, priority,
       event);
}
