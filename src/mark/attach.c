// SPDX-License-Identifier: Apache-2.0
// From the environment to a slab that is mapped, and to the records of this process and its threads.
#define _GNU_SOURCE
#include <fcntl.h>
#include <perfwatt/regions.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mark/counts.h"
#include "mark/writer.h"

int perfwatt_marking_;
__thread struct pw_own perfwatt_own_;

// This process's record, in a page that the kernel wipes in a forked child.
static uint32_t* process_here;
static int wiped;         // whether it does; else getpid() tells
static int32_t pid_here;  // that the record is of
static pthread_key_t ending;
static int has_ending;

static bool is_sealed(int fd, struct stat* file) {
  const int seals = fcntl(fd, F_GET_SEALS);
  return fstat(fd, file) == 0 && S_ISREG(file->st_mode) && file->st_size == PW_SLAB_BYTES && seals >= 0 &&
         (seals & F_SEAL_SHRINK);
}

static bool is_ours(int fd, uint64_t stamp) {
  struct pw_head head;
  struct stat file;
  if (!is_sealed(fd, &file) || pread(fd, &head, sizeof head, 0) != (ssize_t)sizeof head) return false;
  if (head.magic != PW_SLAB_MAGIC || head.stamp != stamp) return false;
  if (head.version == PW_SLAB_VERSION && head.bytes == PW_SLAB_BYTES &&
      head.node_bytes == sizeof(struct pw_node) && head.frame_bytes == sizeof(struct pw_frame) &&
      head.events <= PW_MOST_EVENTS)
    return true;
  ++head.refused;
  (void)!pwrite(fd, &head.refused, sizeof head.refused, offsetof(struct pw_head, refused));
  return false;
}

static uint32_t copies_of(int32_t pid) {
  uint32_t copies = 0, at = __atomic_load_n(&perfwatt_head_()->processes, __ATOMIC_ACQUIRE);
  for (uint32_t i = 0; i < 4096 && at != 0; ++i) {
    const struct pw_process* const process = perfwatt_at_(at, sizeof *process);
    if (!process) break;
    copies += process->pid == pid;
    at = process->next;
  }
  return copies;
}

// The first of several threads makes it.
static uint32_t attach_process(void) {
  const int32_t pid = (int32_t)getpid();
  uint32_t none = 0;
  const uint32_t at = copies_of(pid) < PW_MOST_COPIES ? perfwatt_take_(sizeof(struct pw_process)) : 0;
  struct pw_process* const process = perfwatt_at_(at, sizeof *process);
  if (!process) return 0;
  process->pid = pid;
  process->begin_ns = perfwatt_now_();
  pid_here = pid;
  if (!__atomic_compare_exchange_n(process_here, &none, at, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return none;
  perfwatt_push_(&perfwatt_head_()->processes, at);
  return at;
}

static uint32_t current_process(void) {
  if (!wiped && pid_here != (int32_t)getpid()) __atomic_store_n(process_here, 0, __ATOMIC_RELAXED);
  const uint32_t process = __atomic_load_n(process_here, __ATOMIC_ACQUIRE);
  return process ? process : attach_process();
}

static void close_frames(struct pw_thread* thread) {
  const bool told = thread->lost[PW_LOST_OPEN] > 0;
  for (uint32_t i = 0; i < thread->depth && i < PW_DEEPEST; ++i) {
    if (thread->frames[i].begin_ns == 0) continue;
    ++thread->lost[PW_LOST_OPEN];
    if (!told) thread->open_named = thread->frames[i].name;
  }
  thread->depth = thread->too_deep = 0;
}

// As a stack with a count of its changes, so that none is taken twice.
static struct pw_thread* reuse_record(struct pw_process* process) {
  uint64_t top = __atomic_load_n(&process->free, __ATOMIC_ACQUIRE);
  struct pw_thread* thread;
  uint64_t next;
  do {
    thread = perfwatt_at_((uint32_t)top, sizeof *thread);
    if (!thread) return NULL;
    next = ((top >> 32) + 1) << 32 | __atomic_load_n(&thread->next_free, __ATOMIC_RELAXED);
  } while (
      !__atomic_compare_exchange_n(&process->free, &top, next, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
  close_frames(thread);
  ++thread->threads;
  return thread;
}

static void free_record(struct pw_process* process, struct pw_thread* thread) {
  uint64_t top = __atomic_load_n(&process->free, __ATOMIC_RELAXED), next;
  do {
    __atomic_store_n(&thread->next_free, (uint32_t)top, __ATOMIC_RELAXED);
    next = ((top >> 32) + 1) << 32 | perfwatt_offset_(thread);
  } while (
      !__atomic_compare_exchange_n(&process->free, &top, next, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
}

static struct pw_thread* new_record(struct pw_process* process, uint32_t process_at) {
  const uint32_t at = perfwatt_take_(sizeof(struct pw_thread));
  struct pw_thread* const thread = perfwatt_at_(at, sizeof *thread);
  if (!thread) return reuse_record(process);
  thread->process = process_at;
  thread->tid = (int32_t)syscall(SYS_gettid);
  thread->threads = 1;
  prctl(PR_GET_NAME, thread->name);
  __atomic_fetch_add(&process->records, 1, __ATOMIC_RELAXED);
  perfwatt_push_(&process->threads, at);
  return thread;
}

// A forked child is in the regions that its parent's thread was in.
static void inherit_frames(struct pw_thread* thread, const struct pw_thread* before) {
  for (uint32_t i = 0; i < before->depth && i < PW_DEEPEST; ++i) {
    struct pw_frame* const frame = &thread->frames[i];
    frame->name = before->frames[i].name;
    frame->node = perfwatt_node_of_(thread, i > 0 ? thread->frames[i - 1].node : 0, frame->name);
    frame->begin_ns = frame->within_ns = 0;
    thread->depth = i + 1;
  }
  thread->too_deep = before->too_deep;
}

static struct pw_thread* attach_thread(uint32_t process_at) {
  struct pw_process* const process = perfwatt_at_(process_at, sizeof *process);
  const struct pw_thread* const before = perfwatt_own_.thread;
  struct pw_thread* thread = NULL;
  if (!process) return NULL;
  if (__atomic_load_n(&process->records, __ATOMIC_RELAXED) >= PW_OWN_RECORDS) thread = reuse_record(process);
  if (!thread) thread = new_record(process, process_at);
  if (thread && has_ending) pthread_setspecific(ending, thread);
  if (thread && before) inherit_frames(thread, before);
  perfwatt_own_.thread = thread;
  perfwatt_own_.process = process_at;
  perfwatt_counting_thread_();
  perfwatt_own_.random = (uint64_t)(uintptr_t)thread * UINT64_C(0x9e3779b97f4a7c15) | 1;
  return thread;
}

struct pw_thread* perfwatt_thread_here_(void) {
  const uint32_t process = current_process();
  if (perfwatt_own_.thread && perfwatt_own_.process == process) return perfwatt_own_.thread;
  return process ? attach_thread(process) : NULL;
}

// What it left open stays open to be read, until another thread takes its record over.
static void thread_ends(void* record) {
  struct pw_thread* const thread = record;
  struct pw_process* const process = perfwatt_at_(perfwatt_own_.process, sizeof *process);
  const bool ours = thread == perfwatt_own_.thread && process && perfwatt_own_.process == *process_here;
  perfwatt_own_.busy = 1;  // what comes of a signal's handler now is dropped
  if (ours) perfwatt_counting_thread_ends_();
  perfwatt_own_.thread = NULL;
  perfwatt_own_.busy = 0;
  if (ours) free_record(process, thread);
}

static bool map(int fd) {
  void* const slab = mmap(NULL, PW_SLAB_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (slab == MAP_FAILED) return false;
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  void* const own = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (own == MAP_FAILED) {
    munmap(slab, PW_SLAB_BYTES);
    return false;
  }
  madvise(slab, PW_SLAB_BYTES, MADV_DONTDUMP);
  wiped = madvise(own, page, MADV_WIPEONFORK) == 0;
  process_here = own;
  perfwatt_slab_ = slab;
  return true;
}

bool perfwatt_attach_(int fd, uint64_t stamp) {
  if (perfwatt_slab_ || !is_ours(fd, stamp) || !map(fd)) return false;
  has_ending = pthread_key_create(&ending, thread_ends) == 0;
  perfwatt_counting_starts_();
  perfwatt_marking_ = 1;
  return true;
}

void perfwatt_detach_(void) {
  perfwatt_marking_ = 0;
  if (has_ending) pthread_key_delete(ending);
  has_ending = 0;
}

void perfwatt_unmap_(void) {
  perfwatt_detach_();
  perfwatt_own_.thread = NULL;
  if (perfwatt_slab_) munmap(perfwatt_slab_, PW_SLAB_BYTES);
  if (process_here) munmap(process_here, (size_t)sysconf(_SC_PAGESIZE));
  perfwatt_slab_ = NULL;
  process_here = NULL;
}

struct place {
  unsigned long fd, process, own;
  uint64_t stamp;
};

// The number there, and where it ends; NULL: there is none.
static const char* parse_number(const char* text, unsigned long* number) {
  char* end = NULL;
  if (!text || *text < '0' || *text > '9') return NULL;
  *number = strtoul(text, &end, 10);
  return *number <= 1u << 30 ? end : NULL;
}

static const char* after_colon(const char* text) { return text && *text == ':' ? text + 1 : NULL; }

static bool parse(const char* text, struct place* place) {
  text = after_colon(parse_number(text, &place->fd));
  if (!text || strspn(text, "0123456789abcdef") != 16) return false;
  place->stamp = strtoull(text, NULL, 16);
  text = after_colon(parse_number(after_colon(text + 16), &place->process));
  text = parse_number(text, &place->own);
  return text && *text == 0;
}

// By /proc, where the recorder is of the same user. Nothing but such memory is opened.
static bool attach_to_recorders(const struct place* place) {
  static const char wanted[] = "/memfd:" PW_SLAB_NAME;
  char path[64], target[sizeof wanted];
  snprintf(path, sizeof path, "/proc/%lu/fd/%lu", place->process, place->own);
  if (readlink(path, target, sizeof target) < (ssize_t)sizeof wanted - 1 ||
      memcmp(target, wanted, sizeof wanted - 1))
    return false;
  const int fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) return false;
  const bool attached = perfwatt_attach_(fd, place->stamp);
  close(fd);
  return attached;
}

__attribute__((constructor(101))) static void begin_to_mark(void) {
  const char* const text = secure_getenv(PW_SLAB_VARIABLE);
  struct place place;
  if (!text || !parse(text, &place)) return;
  if (perfwatt_attach_((int)place.fd, place.stamp) || attach_to_recorders(&place)) perfwatt_thread_here_();
}

// At the program's end, and where dlclose takes this library away. The mapping stays: another thread may be
// in a mark.
__attribute__((destructor)) static void stop_marking(void) { perfwatt_detach_(); }
