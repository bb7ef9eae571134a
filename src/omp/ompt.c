// SPDX-License-Identifier: Apache-2.0
// LLVM's OpenMP library tells a tool what it does (OpenMP 5.1, chapter 4; numbers of its omp-tools.h). Each
// thread's share ends where its wait at the end of the parallel region begins: the end of a worker's task is
// told only when it is given the next.
#include <stdlib.h>
#include <string.h>

#include "omp/behind.h"
#include "omp/marks.h"

enum { PARALLEL_BEGIN = 3, PARALLEL_END = 4, IMPLICIT_TASK = 7, SYNC_REGION = 23 };
enum { SCOPE_BEGIN = 1, SCOPE_END = 2 };
enum { BARRIER_IMPLICIT = 2, BARRIER_IMPLICIT_PARALLEL = 9 };
enum { TASK_INITIAL = 1 };

typedef union {
  uint64_t value;
  void* pointer;
} data;

typedef void callback(void);
typedef callback* lookup(const char* name);
typedef struct {
  int (*initialize)(lookup* look, int device, data* tool);
  void (*finalize)(data* tool);
  data tool;
} tool;

bool perfwatt_ompt_;

// In the data of a parallel region: its place's number, and the team of the thread that came to it. In those
// of an implicit task its place, and whether it is a worker's.
#define WORKER ((uintptr_t)1)
#define TEAM_SHIFT 32

typedef const struct perfwatt_place_ place;

static place* place_in(const data* parallel) {
  return parallel ? perfwatt_omp_numbered_((uint32_t)parallel->value) : NULL;
}

static void parallel_begin(data* encountering, const void* frame, data* parallel, unsigned threads, int flags,
                           const void* from) {
  (void)encountering, (void)frame, (void)threads, (void)flags;
  place* const here = perfwatt_omp_place_(from);
  parallel->value = here ? perfwatt_omp_number_(here) | (uint64_t)perfwatt_omp_team_() << TEAM_SHIFT : 0;
  if (here) perfwatt_omp_begin_(here->region);
}

static void parallel_end(data* parallel, data* encountering, int flags, const void* from) {
  (void)encountering, (void)flags, (void)from;
  place* const here = place_in(parallel);
  if (here) perfwatt_omp_end_(here->region);
}

static place* place_of(const data* task) { return task ? (place*)((uintptr_t)task->value & ~WORKER) : NULL; }

static void begin_share(const data* task) {
  if (task->value & WORKER) perfwatt_omp_begin_(place_of(task)->region);
  perfwatt_omp_begin_(perfwatt_omp_share_());
}

static void end_share(data* task) {
  perfwatt_omp_end_(perfwatt_omp_share_());
  if (task->value & WORKER) perfwatt_omp_end_(place_of(task)->region);
  task->value = 0;
}

static void implicit_task(int endpoint, data* parallel, data* task, unsigned threads, unsigned index,
                          int flags) {
  (void)threads;
  if (flags & TASK_INITIAL) return;
  if (endpoint == SCOPE_END) {
    if (place_of(task)) end_share(task);
    return;
  }
  const uintptr_t here = (uintptr_t)place_in(parallel);
  task->value = here ? here | (index ? WORKER : 0) : 0;
  if (!here) return;
  if (index) perfwatt_omp_join_((uint32_t)(parallel->value >> TEAM_SHIFT));
  begin_share(task);
}

// libomp of LLVM 14 calls every implicit barrier the same: the one at the end is that of where the region is
// called from, for workers of nowhere.
static void sync_region(int kind, int endpoint, data* parallel, data* task, const void* from) {
  (void)parallel;
  place* const here = place_of(task);
  if (!here || endpoint != SCOPE_BEGIN) return;
  if (kind == BARRIER_IMPLICIT_PARALLEL || (kind == BARRIER_IMPLICIT && (!from || from == here->code)))
    end_share(task);
}

static int initialize(lookup* look, int device, data* unused) {
  (void)device, (void)unused;
  typedef int setter(int event, callback* called);
  setter* const set = (setter*)look("ompt_set_callback");
  if (!set) return 0;
  set(PARALLEL_BEGIN, (callback*)parallel_begin);
  set(PARALLEL_END, (callback*)parallel_end);
  set(IMPLICIT_TASK, (callback*)implicit_task);
  set(SYNC_REGION, (callback*)sync_region);
  perfwatt_ompt_ = true;
  return 1;
}

static void finalize(data* unused) { (void)unused; }

// A tool of the user's own stays: OpenMP has room for one.
EXPORTED tool* ompt_start_tool(unsigned version, const char* runtime);
EXPORTED tool* ompt_start_tool(unsigned version, const char* runtime) {
  static tool ours = {initialize, finalize, {0}};
  (void)version, (void)runtime;
  const char* const theirs = getenv("OMP_TOOL_LIBRARIES");
  return getenv("PERFWATT_REGIONS") && !(theirs && *theirs) ? &ours : NULL;
}
