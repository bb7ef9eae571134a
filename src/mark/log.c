// SPDX-License-Identifier: Apache-2.0
// Which occurrences are kept: all in the order in which they ended, until there is no room for more; and some
// of each path.
#include <stddef.h>

#include "mark/writer.h"

// Of more than are kept each has the same chance (Vitter's algorithm R).
static void draw(struct pw_node* node, struct pw_occurrence occurrence) {
  uint64_t place = node->calls;
  if (place >= PW_MOST_LOGGED) {
    perfwatt_own_.random ^= perfwatt_own_.random << 13;
    perfwatt_own_.random ^= perfwatt_own_.random >> 7;
    perfwatt_own_.random ^= perfwatt_own_.random << 17;
    place = ((perfwatt_own_.random >> 32) * ((node->calls + 1) & UINT32_MAX)) >> 32;
    if (place >= PW_MOST_LOGGED || node->calls >= UINT32_MAX) return;
  }
  const bool few = place < PW_FEW_LOGGED;
  const uint32_t room = few ? PW_FEW_LOGGED : PW_MOST_LOGGED - PW_FEW_LOGGED;
  uint32_t* const log = few ? &node->few : &node->more;
  if (*log == 0) *log = perfwatt_take_((uint32_t)sizeof(struct pw_occurrence) * room);
  struct pw_occurrence* const first = perfwatt_at_(*log, (uint32_t)sizeof *first * room);
  if (!first) return;
  first[few ? place : place - PW_FEW_LOGGED] = occurrence;
  if (node->logged <= place) node->logged = (uint32_t)place + 1;
}

static struct pw_piece* next_piece(struct pw_thread* thread, const struct pw_piece* last) {
  const uint32_t bytes = !last                            ? PW_FIRST_PIECE
                         : last->bytes < PW_LARGEST_PIECE ? 2 * last->bytes
                                                          : PW_LARGEST_PIECE;
  uint64_t* const logs = &perfwatt_head_()->logs;
  if (__atomic_load_n(logs, __ATOMIC_RELAXED) + bytes > PW_LOG_BYTES) return NULL;
  __atomic_fetch_add(logs, bytes, __ATOMIC_RELAXED);
  const uint32_t at = perfwatt_take_(bytes);
  struct pw_piece* const piece = perfwatt_at_(at, bytes);
  if (!piece) return NULL;
  piece->bytes = bytes;
  perfwatt_push_(&thread->log, at);
  return piece;
}

static void append(struct pw_thread* thread, struct pw_entry entry) {
  if (thread->unlogged_ns) return;
  struct pw_piece* piece = perfwatt_at_(thread->log, sizeof *piece);
  if (!piece || piece->count == PW_ENTRIES_OF(piece->bytes)) piece = next_piece(thread, piece);
  if (!piece) {
    thread->unlogged_ns = entry.occurrence.end_ns;
    return;
  }
  ((struct pw_entry*)(void*)(piece + 1))[piece->count] = entry;
  __atomic_store_n(&piece->count, piece->count + 1, __ATOMIC_RELEASE);
}

void perfwatt_log_(struct pw_thread* thread, struct pw_node* node, uint64_t begin_ns, uint64_t end_ns) {
  const struct pw_occurrence one = {begin_ns, end_ns};
  draw(node, one);
  append(thread, (struct pw_entry){one, perfwatt_offset_(node), 0});
}
