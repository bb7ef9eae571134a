// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "mark/counts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mark/ask.h"
#include "mark/team.h"

#define MOST_READS 10000  // some 10 ms: whoever makes the thread may not run meanwhile
#define MOST_WORDS PW_COUNT_WORDS(PW_MOST_GROUPS, PW_MOST_EVENTS)

// A copy: the program may have written over the slab's. Children that are forked have the descriptors, too.
static struct pw_counting here;
static int shared_fds[PW_MOST_GROUPS];  // of PW_SCOPE_PROCESS
static uint32_t words;                  // of a reading; 0: nothing is counted

static const uint32_t head_bytes = sizeof(struct pw_counts);
_Static_assert(sizeof(struct pw_counts) == sizeof(struct pw_frame_counts),
               "both have their words behind 16 bytes");

static uint32_t record_bytes(void) { return head_bytes + 2 * words * (uint32_t)sizeof(uint64_t); }

static uint64_t* words_of(void* record) { return (uint64_t*)(void*)((char*)record + head_bytes); }

static void uncounted(uint32_t why, int error) {
  struct pw_process* const process = perfwatt_at_(perfwatt_own_.process, sizeof *process);
  uint32_t none = PW_COUNTED;
  if (process &&
      __atomic_compare_exchange_n(&process->uncounted, &none, why, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    process->error = error;
}

static bool is_counter(int fd) {
  static const char wanted[] = "anon_inode:[perf_event]";
  char path[40], target[sizeof wanted];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return readlink(path, target, sizeof target) == (ssize_t)sizeof wanted - 1 &&
         !memcmp(target, wanted, sizeof wanted - 1);
}

static bool is_sound(const struct pw_counting* counting) {
  uint32_t events = 0;
  if (counting->groups == 0 || counting->groups > PW_MOST_GROUPS) return false;
  for (uint32_t i = 0; i < counting->groups; ++i) {
    if (counting->group[i].events == 0 || counting->group[i].events > PW_MOST_EVENTS) return false;
    events += counting->group[i].events;
  }
  return events == counting->events && events <= PW_MOST_EVENTS;
}

static bool has_counters(void) {
  for (uint32_t i = 0; i < here.groups; ++i)
    if (!is_counter(here.group[i].fd)) return false;
  return true;
}

void perfwatt_counting_starts_(void) {
  const struct pw_counting* const counting = perfwatt_at_(perfwatt_head_()->counting, sizeof *counting);
  words = 0;
  if (!counting) return;
  here = *counting;
  if (!is_sound(&here)) return;
  words = PW_COUNT_WORDS(here.groups, here.events);
  for (uint32_t i = 0; i < here.groups; ++i) shared_fds[i] = here.group[i].fd;
  if (here.scope == PW_SCOPE_PROCESS && !has_counters()) here.groups = 0;
}

void perfwatt_counting_stops_(void) { words = 0; }

// A forked child has copies of its parent's.
static void ask_for_own(void) {
  int error = 0;
  perfwatt_close_counters_(perfwatt_own_.fds, perfwatt_own_.groups);
  perfwatt_own_.groups = 0;
  const uint32_t why =
      perfwatt_ask_(here.ask, perfwatt_head_()->stamp, perfwatt_own_.fds, here.groups, &error);
  if (why == PW_COUNTED)
    perfwatt_own_.groups = here.groups;
  else
    uncounted(why, error);
}

void perfwatt_counting_thread_(void) {
  perfwatt_own_.counted = 0;
  perfwatt_own_.leads = 0;
  memset(perfwatt_own_.works_for, 0, sizeof perfwatt_own_.works_for);
  if (words == 0) return;
  if (here.scope == PW_SCOPE_PROCESS && here.groups == 0) uncounted(PW_UNCOUNTED_CLOSED, 0);
  if (here.scope != PW_SCOPE_PROCESS) ask_for_own();
}

static void leave(void) {
  if (here.scope != PW_SCOPE_PROCESS) return;
  __atomic_fetch_sub(&perfwatt_head_()->inside, PW_ONE_INSIDE, __ATOMIC_RELAXED);
}

// ECHILD: the kernel is giving a thread that is being made a part of the group.
static long read_whole(int fd, uint64_t* found, long wanted) {
  long got = -1;
  for (int i = 0; i < MOST_READS && (i == 0 || (got < 0 && errno == ECHILD)); ++i)
    got = syscall(SYS_read, fd, found, wanted);
  return got;
}

static bool read_group(int fd, uint32_t events, uint64_t* to) {
  uint64_t found[3 + PW_MOST_EVENTS];
  const long wanted = (long)sizeof(uint64_t) * (3 + events);
  const int before = errno;
  const long got = read_whole(fd, found, wanted);
  const int error = got < 0 ? errno : 0;
  if (got == wanted && found[0] == events) {
    memcpy(to, found + 1, (size_t)wanted - sizeof(uint64_t));
    return true;
  }
  errno = before;
  uncounted(PW_UNCOUNTED_READ, error);
  return false;
}

static bool read_groups(const int* fds, uint64_t* to) {
  for (uint32_t i = 0; i < here.groups; ++i) {
    if (!read_group(fds[i], here.group[i].events, to)) return false;
    to += PW_COUNT_WORDS(1, here.group[i].events);
  }
  return true;
}

// Once one of them cannot be read, its number may be another file's: nothing is read there again.
static bool read_counters(uint64_t* to) {
  const bool own = here.scope != PW_SCOPE_PROCESS;
  uint32_t* const have = own ? &perfwatt_own_.groups : &here.groups;
  if (__atomic_load_n(have, __ATOMIC_RELAXED) == 0) return false;
  if (!read_groups(own ? perfwatt_own_.fds : shared_fds, to)) {
    __atomic_store_n(have, 0, __ATOMIC_RELAXED);
    return false;
  }
  if (perfwatt_own_.leads == 0 || perfwatt_add_team_(perfwatt_own_.leads, to, words, read_groups))
    return true;
  uncounted(PW_UNCOUNTED_TEAM, 0);
  return false;
}

uint32_t perfwatt_counting_lead_(void) {
  return words > 0 && here.scope == PW_SCOPE_TEAM ? perfwatt_lead_() : 0;
}

void perfwatt_counting_join_(uint32_t team) {
  if (words > 0 && here.scope == PW_SCOPE_TEAM) perfwatt_join_(team, words, read_groups);
}

void perfwatt_counting_thread_ends_(void) {
  if (words > 0 && perfwatt_own_.counted > 0) leave();
  perfwatt_own_.counted = 0;
  if (words > 0) perfwatt_leave_teams_(words, read_groups);
  perfwatt_close_counters_(perfwatt_own_.fds, perfwatt_own_.groups);
  perfwatt_own_.groups = 0;
}

static void* record_at(uint32_t* offset) {
  if (*offset == 0) *offset = perfwatt_take_(record_bytes());
  void* const record = perfwatt_at_(*offset, record_bytes());
  if (!record) uncounted(PW_UNCOUNTED_ROOM, 0);
  return record;
}

static uint64_t come_in(void) {
  uint64_t* const inside = &perfwatt_head_()->inside;
  if (here.scope != PW_SCOPE_PROCESS) return 0;
  if (perfwatt_own_.counted++ > 0) return __atomic_load_n(inside, __ATOMIC_RELAXED);
  return __atomic_add_fetch(inside, PW_ONE_INSIDE + 1, __ATOMIC_RELAXED);
}

void perfwatt_count_begin_(struct pw_frame* frame) {
  if (words == 0) return;
  const uint64_t inside = come_in();
  uint32_t offset = (uint32_t)frame->counts;
  struct pw_frame_counts* const counts = record_at(&offset);
  frame->counts = offset;
  if (!counts) return;
  counts->inside = inside;
  memset(words_of(counts) + words, 0, words * sizeof(uint64_t));
  counts->valid = read_counters(words_of(counts));
}

static bool was_beside_others(const struct pw_frame_counts* counts) {
  if (here.scope != PW_SCOPE_PROCESS) return perfwatt_own_.works_for[0] != 0;
  const uint64_t now = __atomic_load_n(&perfwatt_head_()->inside, __ATOMIC_RELAXED);
  return counts->inside / PW_ONE_INSIDE > 1 || (counts->inside ^ now) % PW_ONE_INSIDE != 0;
}

static void add(struct pw_frame_counts* counts, struct pw_node* node, struct pw_frame_counts* above,
                const uint64_t* now) {
  struct pw_counts* const sums = node ? record_at(&node->counts) : NULL;
  const uint64_t *const begin = words_of(counts), *const within = begin + words;
  for (uint32_t i = 0; i < words; ++i) {
    const uint64_t all = now[i] - begin[i];
    if (sums) words_of(sums)[i] += all;
    if (sums) words_of(sums)[words + i] += all - within[i];
    if (above) words_of(above)[words + i] += all;
  }
  if (!sums) return;
  ++sums->counted;
  sums->overlapped += was_beside_others(counts);
}

void perfwatt_count_end_(struct pw_frame* frame, struct pw_node* node, struct pw_frame* above) {
  uint64_t now[MOST_WORDS];
  if (words == 0) return;
  struct pw_frame_counts* const counts = perfwatt_at_((uint32_t)frame->counts, record_bytes());
  struct pw_frame_counts* const outer = above ? perfwatt_at_((uint32_t)above->counts, record_bytes()) : NULL;
  if (counts && counts->valid && read_counters(now)) add(counts, node, outer, now);
  if (perfwatt_own_.counted > 0 && --perfwatt_own_.counted == 0) leave();
}
