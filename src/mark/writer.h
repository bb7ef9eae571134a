// SPDX-License-Identifier: Apache-2.0
// Inside the writer. After a process has been attached, it makes no system call but gettid and prctl at the
// first mark of a thread, getpid and some more at the first one after a fork, and, of teams, some where a
// thread joins one and sched_yield where two come to it at once.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "mark/slab.h"

#define PW_TEAMS_DEEP 4u  // teams within each other

// What a thread has of its own, in static TLS: a signal handler may be the first to touch it.
struct pw_own {
  struct pw_thread* thread;
  uint32_t process;        // that `thread` is of
  volatile uint32_t busy;  // in a mark: what comes now comes from a signal handler
  uint64_t random;
  uint32_t counted;  // regions that it is in and that this process counts
  uint32_t groups;   // its own counters; 0: none
  int fds[PW_MOST_GROUPS];
  uint32_t leads;  // the team of those that work for it; 0: none
  // The teams that it is in: that of its leader, that of its leader's leader, ...
  uint32_t works_for[PW_TEAMS_DEEP];
};
extern __thread struct pw_own perfwatt_own_ __attribute__((tls_model("initial-exec"), visibility("hidden")));

#define PW_INSIDE __attribute__((visibility("hidden")))

extern char* perfwatt_slab_ PW_INSIDE;  // NULL: none

// The record there; NULL where none can be.
PW_INSIDE void* perfwatt_at_(uint32_t offset, uint32_t bytes);
// Zeroes, from the unused end. 0: no room.
PW_INSIDE uint32_t perfwatt_take_(uint32_t bytes);
PW_INSIDE uint32_t perfwatt_offset_(const void* record);
// Puts a record whose first member is `next` in front of a list.
PW_INSIDE void perfwatt_push_(uint32_t* list, uint32_t offset);
PW_INSIDE struct pw_head* perfwatt_head_(void);
PW_INSIDE uint64_t perfwatt_now_(void);

// The offset of what has that hash and `same`, or of what `make` makes; 0: neither.
typedef bool (*pw_same)(uint32_t offset, const void* key);
typedef uint32_t (*pw_make)(const void* key);
PW_INSIDE uint32_t perfwatt_find_or_make_(struct pw_table* table, uint32_t hash, const void* key,
                                          pw_same same, pw_make make);

PW_INSIDE uint32_t perfwatt_name_of_(const char* text);
// The first time for a name.
PW_INSIDE void perfwatt_tell_work_(uint32_t name, double flops, double bytes, const char* how);

// The thread's node of that name below `parent`; 0: no room.
PW_INSIDE uint32_t perfwatt_node_of_(struct pw_thread* thread, uint32_t parent, uint32_t name);

// One of these has ended: before it counts in the node's calls.
PW_INSIDE void perfwatt_log_(struct pw_thread* thread, struct pw_node* node, uint64_t begin_ns,
                             uint64_t end_ns);

// The calling thread's record, attached where it has none; NULL: no room.
PW_INSIDE struct pw_thread* perfwatt_thread_here_(void);

// Attaches this process to the slab at `fd`, which stays open. false: there is none of that stamp, or it is
// not to be trusted. The constructor does so with what perfwatt put into the environment.
PW_INSIDE bool perfwatt_attach_(int fd, uint64_t stamp);
PW_INSIDE void perfwatt_detach_(void);
// Where no other thread marks: as before perfwatt_attach_.
PW_INSIDE void perfwatt_unmap_(void);
