// SPDX-License-Identifier: GPL-3.0-or-later
// touch-pages THREADS PAGES [wait]: thread i (from 0) is called worker-i and touches PAGES * (i + 1) fresh pages, each of which is
// a page fault. With `wait`, each thread begins when the process gets SIGUSR1, and then spends 20 ms of CPU time.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static long pages;
static int waits;
static pthread_barrier_t begin;

static double cpu_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void* work(void* argument) {
  const long number = (long)argument;
  char name[16];
  snprintf(name, sizeof name, "worker-%ld", number);
  prctl(PR_SET_NAME, name);
  if (waits) pthread_barrier_wait(&begin);
  const size_t bytes = (size_t)(pages * (number + 1)) * (size_t)sysconf(_SC_PAGESIZE);
  char* memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return NULL;
  madvise(memory, bytes, MADV_NOHUGEPAGE);
  for (size_t at = 0; at < bytes; at += (size_t)sysconf(_SC_PAGESIZE)) memory[at] = 1;
  const double since = cpu_seconds();
  while (waits && cpu_seconds() < since + 0.02) {
  }
  return NULL;
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const long count = atol(argv[1]);
  pages = atol(argv[2]);
  waits = argc > 3 && strcmp(argv[3], "wait") == 0;
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
  pthread_barrier_init(&begin, NULL, (unsigned)count + 1);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 65536);
  pthread_t* threads = calloc((size_t)count, sizeof *threads);
  for (long i = 0; i < count; ++i)
    if (pthread_create(&threads[i], &small, work, (void*)i) != 0) return 1;
  if (waits) {
    puts("ready");
    fflush(stdout);
    int signal;
    sigwait(&signals, &signal);
    pthread_barrier_wait(&begin);
  }
  for (long i = 0; i < count; ++i) pthread_join(threads[i], NULL);
  free(threads);
  return 0;
}
