// SPDX-License-Identifier: Apache-2.0
// Inside the writer. After a process has been attached, it makes no system call but gettid and prctl at the
// first mark of a thread, and getpid and some more at the first one after a fork.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "mark/slab.h"

// What a thread has of its own, in static TLS: a signal handler may be the first to touch it.
struct pw_own {
  struct pw_thread* thread;
  uint32_t process;        // that `thread` is of
  volatile uint32_t busy;  // in a mark: what comes now comes from a signal handler
  uint64_t random;
};
extern __thread struct pw_own pw_own __attribute__((tls_model("initial-exec"), visibility("hidden")));

#define PW_INSIDE __attribute__((visibility("hidden")))

extern char* pw_slab PW_INSIDE;  // NULL: none

// The record there; NULL where none can be.
PW_INSIDE void* pw_at(uint32_t offset, uint32_t bytes);
// Zeroes, from the unused end. 0: no room.
PW_INSIDE uint32_t pw_take(uint32_t bytes);
PW_INSIDE uint32_t pw_offset(const void* record);
// Puts a record whose first member is `next` in front of a list.
PW_INSIDE void pw_push(uint32_t* list, uint32_t offset);
PW_INSIDE struct pw_head* pw_head(void);
PW_INSIDE uint64_t pw_now(void);

// The offset of what has that hash and `same`, or of what `make` makes; 0: neither.
typedef bool (*pw_same)(uint32_t offset, const void* key);
typedef uint32_t (*pw_make)(const void* key);
PW_INSIDE uint32_t pw_find_or_make(struct pw_table* table, uint32_t hash, const void* key, pw_same same,
                                   pw_make make);

PW_INSIDE uint32_t pw_name_of(const char* text);

// The thread's node of that name below `parent`; 0: no room.
PW_INSIDE uint32_t pw_node_of(struct pw_thread* thread, uint32_t parent, uint32_t name);

// The calling thread's record, attached where it has none; NULL: no room.
PW_INSIDE struct pw_thread* pw_thread_here(void);

// Attaches this process to the slab at `fd`, which stays open. false: there is none of that stamp, or it is
// not to be trusted. The constructor does so with what perfwatt put into the environment.
PW_INSIDE bool pw_attach(int fd, uint64_t stamp);
PW_INSIDE void pw_detach(void);
// Where no other thread marks: as before pw_attach.
PW_INSIDE void pw_unmap(void);
