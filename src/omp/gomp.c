// SPDX-License-Identifier: Apache-2.0
// GNU's OpenMP library: the functions that compilers call for a parallel region, in front of libgomp's own.
// The thread that comes to one is in a region named as the code; in it each thread of the team marks its
// share, `parallel`, up to the barrier at the end.
#include "omp/behind.h"
#include "omp/marks.h"

typedef void code(void*);

static __thread char here;

struct shared {
  void* reductions;  // what GOMP_parallel_reductions looks for where the data begin
  code* run;
  void* data;
  uint32_t region, team;
  const char* master;  // the `here` of the thread that came to it
};

static void run_share(void* data) {
  const struct shared shared = *(struct shared*)data;
  const uint32_t share = perfwatt_omp_share_();
  const bool worker = shared.master != &here;
  if (worker) perfwatt_omp_join_(shared.team);
  if (worker) perfwatt_omp_begin_(shared.region);
  perfwatt_omp_begin_(share);
  shared.run(shared.data);
  perfwatt_omp_end_(share);
  if (worker) perfwatt_omp_end_(shared.region);
}

static struct shared shared_by(code* run, void* data) {
  const uint32_t region = perfwatt_ompt_ ? 0 : perfwatt_omp_region_((const void*)run);
  return (struct shared){NULL, run, data, region, region ? perfwatt_omp_team_() : 0, &here};
}

#define TEAM unsigned threads
#define CHUNKED TEAM, long start, long end, long step, long chunk, unsigned flags
#define UNCHUNKED TEAM, long start, long end, long step, unsigned flags

// A parallel region that is over when the function returns; behind its parameters those that are handed on.
#define WRAP(name, parameters, ...)                      \
  typedef void type_of_##name(code*, void*, parameters); \
  EXPORTED type_of_##name name;                          \
  void name(code* run, void* data, parameters) {         \
    BEHIND(name);                                        \
    type_of_##name* const call = (type_of_##name*)real;  \
    struct shared shared = shared_by(run, data);         \
    if (shared.region == 0) {                            \
      call(run, data, __VA_ARGS__);                      \
      return;                                            \
    }                                                    \
    perfwatt_omp_begin_(shared.region);                  \
    call(run_share, &shared, __VA_ARGS__);               \
    perfwatt_omp_end_(shared.region);                    \
  }
#define GIVEN(...) __VA_ARGS__
#define WRAP_CHUNKED(name) WRAP(name, GIVEN(CHUNKED), threads, start, end, step, chunk, flags)
#define WRAP_UNCHUNKED(name) WRAP(name, GIVEN(UNCHUNKED), threads, start, end, step, flags)

WRAP(GOMP_parallel, GIVEN(TEAM, unsigned flags), threads, flags)
WRAP(GOMP_parallel_sections, GIVEN(TEAM, unsigned count, unsigned flags), threads, count, flags)
WRAP_CHUNKED(GOMP_parallel_loop_static)
WRAP_CHUNKED(GOMP_parallel_loop_dynamic)
WRAP_CHUNKED(GOMP_parallel_loop_guided)
WRAP_CHUNKED(GOMP_parallel_loop_nonmonotonic_dynamic)
WRAP_CHUNKED(GOMP_parallel_loop_nonmonotonic_guided)
WRAP_UNCHUNKED(GOMP_parallel_loop_runtime)
WRAP_UNCHUNKED(GOMP_parallel_loop_nonmonotonic_runtime)
WRAP_UNCHUNKED(GOMP_parallel_loop_maybe_nonmonotonic_runtime)

typedef unsigned reductions(code*, void*, TEAM, unsigned flags);
EXPORTED reductions GOMP_parallel_reductions;

unsigned GOMP_parallel_reductions(code* run, void* data, TEAM, unsigned flags) {
  BEHIND(GOMP_parallel_reductions);
  reductions* const call = (reductions*)real;
  struct shared shared = shared_by(run, data);
  if (shared.region == 0) return call(run, data, threads, flags);
  shared.reductions = *(void**)data;
  perfwatt_omp_begin_(shared.region);
  const unsigned got = call(run_share, &shared, threads, flags);
  perfwatt_omp_end_(shared.region);
  return got;
}
