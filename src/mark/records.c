// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <stddef.h>
#include <time.h>

#include "mark/writer.h"

// Programs of 32 bits have the same layout.
_Static_assert(offsetof(struct pw_head, no_room) == 112 && sizeof(struct pw_node) == 128,
               "the layout of a slab");
_Static_assert(offsetof(struct pw_thread, frames) == 192 && sizeof(struct pw_frame) == 32,
               "the layout of a slab");
_Static_assert(sizeof(struct pw_piece) == 16 && sizeof(struct pw_entry) == 24 && sizeof(struct pw_work) == 24,
               "the layout of a slab");

char* perfwatt_slab_;

struct pw_head* perfwatt_head_(void) {
  return (struct pw_head*)(void*)perfwatt_slab_;
}

void* perfwatt_at_(uint32_t offset, uint32_t bytes) {
  if (offset < sizeof(struct pw_head) || offset % PW_SLAB_UNIT || offset > PW_SLAB_BYTES - bytes) return NULL;
  return perfwatt_slab_ + offset;
}

uint32_t perfwatt_take_(uint32_t bytes) {
  const uint64_t size = (bytes + (uint64_t)PW_SLAB_UNIT - 1) / PW_SLAB_UNIT * PW_SLAB_UNIT;
  struct pw_head* const head = perfwatt_head_();
  if (__atomic_load_n(&head->used, __ATOMIC_RELAXED) + size > PW_SLAB_BYTES) return 0;
  const uint64_t at = __atomic_fetch_add(&head->used, size, __ATOMIC_RELAXED);
  return at + size <= PW_SLAB_BYTES && perfwatt_at_((uint32_t)at, (uint32_t)size) ? (uint32_t)at : 0;
}

uint32_t perfwatt_offset_(const void* record) {
  return record ? (uint32_t)((const char*)record - perfwatt_slab_) : 0;
}

void perfwatt_push_(uint32_t* list, uint32_t offset) {
  uint32_t* const next = perfwatt_at_(offset, sizeof(uint32_t));
  uint32_t last = __atomic_load_n(list, __ATOMIC_RELAXED);
  if (!next) return;
  do __atomic_store_n(next, last, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(list, &last, offset, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

uint64_t perfwatt_now_(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

static uint64_t* level_of(struct pw_table* table, uint32_t level) {
  const uint32_t bytes = (uint32_t)sizeof(uint64_t) * (PW_FIRST_SLOTS << level);
  uint32_t at = __atomic_load_n(&table->level[level], __ATOMIC_ACQUIRE);
  if (at == 0) {
    const uint32_t made = perfwatt_take_(bytes);
    if (made == 0) return NULL;
    if (__atomic_compare_exchange_n(&table->level[level], &at, made, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
      at = made;
  }
  return perfwatt_at_(at, bytes);
}

// Two that look for the same new key meet at the same free slot: one of them gets it.
uint32_t perfwatt_find_or_make_(struct pw_table* table, uint32_t hash, const void* key, pw_same same,
                                pw_make make) {
  uint32_t made = 0;
  for (uint32_t level = 0; level < PW_LEVELS; ++level) {
    uint64_t* const slots = level_of(table, level);
    if (!slots) return 0;
    const uint32_t mask = (PW_FIRST_SLOTS << level) - 1;
    for (uint32_t i = 0; i < PW_PROBES; ++i) {
      uint64_t* const slot = &slots[(hash + i) & mask];
      uint64_t found = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
      if (found == 0) {
        if (made == 0 && (made = make(key)) == 0) return 0;
        const uint64_t mine = (uint64_t)hash << 32 | made;
        if (__atomic_compare_exchange_n(slot, &found, mine, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
          return made;
      }
      if ((uint32_t)(found >> 32) == hash && same((uint32_t)found, key)) return (uint32_t)found;
    }
  }
  return 0;
}
