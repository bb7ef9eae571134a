// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/ground/team.h"

#include <atomic>

// Of libgomp; <omp.h> is not there for every compiler, and clang's -fopenmp would bring a second runtime.
extern "C" {
void omp_set_num_threads(int count);
int omp_get_max_threads();
int omp_get_thread_num();
void GOMP_parallel(void (*function)(void*), void* data, unsigned threads, unsigned flags);
}

namespace pw::inference {
namespace {

struct Work {
  std::int64_t count;
  const std::function<void(std::int64_t, int)>& task;
  std::atomic<std::int64_t> next{0};
};

void take_part(void* data) {
  Work& work = *static_cast<Work*>(data);
  const int thread = ::omp_get_thread_num();
  for (std::int64_t i = work.next++; i < work.count; i = work.next++) work.task(i, thread);
}

void call_once(void* data) { (*static_cast<const std::function<void(int)>*>(data))(::omp_get_thread_num()); }

}  // namespace

void set_team_size(int threads) { ::omp_set_num_threads(threads); }

int team_size() { return ::omp_get_max_threads(); }

void parallel_for(std::int64_t count, const std::function<void(std::int64_t, int)>& task) {
  Work work{count, task};
  if (count < 2 || team_size() < 2) return take_part(&work);
  ::GOMP_parallel(take_part, &work, 0,
                  0);  // always the whole team: libgomp ends threads that it has no use for
}

void on_each_thread(const std::function<void(int)>& task) {
  ::GOMP_parallel(call_once, const_cast<std::function<void(int)>*>(&task), 0, 0);
}

}  // namespace pw::inference
