// SPDX-License-Identifier: GPL-3.0-or-later
// libgomp's threads wait for each other in ways that ThreadSanitizer does not see, and all that a team does would be races. Linked
// with --wrap=GOMP_parallel, this tells it what a parallel region's begin and end order.
#include <sanitizer/tsan_interface.h>

struct call {
  void (*function)(void*);
  void* data;
};

// Null in a program without libgomp, which calls none.
__attribute__((weak)) void __real_GOMP_parallel(void (*function)(void*), void* data, unsigned threads, unsigned flags);

static void member(void* argument) {
  struct call* call = argument;
  __tsan_acquire(call);
  call->function(call->data);
  __tsan_release(call);
}

void __wrap_GOMP_parallel(void (*function)(void*), void* data, unsigned threads, unsigned flags) {
  struct call call = {function, data};
  __tsan_release(&call);
  __real_GOMP_parallel(member, &call, threads, flags);
  __tsan_acquire(&call);
}
