// SPDX-License-Identifier: Apache-2.0
#include <perfwatt/regions.h>
#include <stddef.h>

#include "mark/counts.h"
#include "mark/writer.h"

// NULL: nothing can be kept.
static struct pw_thread* enter(void) {
  if (perfwatt_own_.busy) {
    if (perfwatt_own_.thread)
      __atomic_fetch_add(&perfwatt_own_.thread->lost[PW_LOST_SIGNAL], 1, __ATOMIC_RELAXED);
    return NULL;
  }
  perfwatt_own_.busy = 1;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  struct pw_thread* const thread = perfwatt_thread_here_();
  if (thread && thread->depth <= PW_DEEPEST) return thread;
  if (!thread) __atomic_fetch_add(&perfwatt_head_()->no_room, 1, __ATOMIC_RELAXED);
  perfwatt_own_.busy = 0;
  return NULL;
}

static void leave(void) {
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  perfwatt_own_.busy = 0;
}

static void lose(struct pw_thread* thread, enum pw_lost kind) {
  __atomic_fetch_add(&thread->lost[kind], 1, __ATOMIC_RELAXED);
}

struct path {
  struct pw_thread* thread;
  uint32_t parent, name;
};

static bool same_node(uint32_t offset, const void* key) {
  const struct path* const path = key;
  const struct pw_node* const node = perfwatt_at_(offset, sizeof *node);
  return node && node->parent == path->parent && node->name == path->name;
}

static uint32_t make_node(const void* key) {
  const struct path* const path = key;
  const uint32_t at = perfwatt_take_(sizeof(struct pw_node));
  struct pw_node* const node = perfwatt_at_(at, sizeof *node);
  if (!node) return 0;
  node->parent = path->parent;
  node->name = path->name;
  ++path->thread->node_count;
  perfwatt_push_(&path->thread->nodes, at);
  return at;
}

uint32_t perfwatt_node_of_(struct pw_thread* thread, uint32_t parent, uint32_t name) {
  struct pw_node* const above = perfwatt_at_(parent, sizeof *above);
  if (above && above->last_name == name) return above->last_child;
  const struct path path = {thread, parent, name};
  const uint32_t hash =
      (parent / PW_SLAB_UNIT * UINT32_C(0x9e3779b1)) ^ (name / PW_SLAB_UNIT * UINT32_C(0x85ebca77));
  const uint32_t child =
      perfwatt_find_or_make_(&thread->node_table, hash ^ hash >> 15, &path, same_node, make_node);
  if (above && child) {
    above->last_name = name;
    above->last_child = child;
  }
  return child;
}

static void begin(struct pw_thread* thread, uint32_t name) {
  if (thread->depth == PW_DEEPEST) {
    ++thread->too_deep;
    lose(thread, PW_LOST_DEPTH);
    return;
  }
  const struct pw_frame* const above = thread->depth > 0 ? &thread->frames[thread->depth - 1] : NULL;
  struct pw_frame* const frame = &thread->frames[thread->depth];
  frame->node =
      name && (!above || above->node) ? perfwatt_node_of_(thread, above ? above->node : 0, name) : 0;
  if (frame->node == 0) lose(thread, PW_LOST_ROOM);
  frame->name = name;
  frame->within_ns = 0;
  perfwatt_count_begin_(frame);
  frame->begin_ns = perfwatt_now_();
  __atomic_store_n(&thread->depth, thread->depth + 1, __ATOMIC_RELEASE);
}

static void add(struct pw_thread* thread, struct pw_node* node, const struct pw_frame* frame, uint64_t now) {
  const uint64_t took = now - frame->begin_ns;
  perfwatt_log_(thread, node, frame->begin_ns, now);
  node->total_ns += took;
  node->own_ns += took > frame->within_ns ? took - frame->within_ns : 0;
  ++node->calls;
}

// Those within it that are open still move one up.
static void close_frame(struct pw_thread* thread, uint32_t at, uint64_t now) {
  struct pw_frame* const frame = &thread->frames[at];
  struct pw_node* const node = perfwatt_at_(frame->node, sizeof *node);
  struct pw_frame* const above = at > 0 ? &thread->frames[at - 1] : NULL;
  const uint64_t counts = frame->counts;
  if (frame->begin_ns) perfwatt_count_end_(frame, node, above && above->begin_ns ? above : NULL);
  if (node && frame->begin_ns) add(thread, node, frame, now);
  if (above && frame->begin_ns) above->within_ns += now - frame->begin_ns;
  for (uint32_t i = at + 1; i < thread->depth; ++i) thread->frames[i - 1] = thread->frames[i];
  thread->frames[thread->depth - 1].counts = counts;
  __atomic_store_n(&thread->depth, thread->depth - 1, __ATOMIC_RELEASE);
}

static void remember(struct pw_thread* thread, enum pw_lost kind, uint32_t* named, uint32_t name,
                     uint32_t* within) {
  if (thread->lost[kind] == 0) {
    *named = name;
    *within = thread->depth > 0 ? thread->frames[thread->depth - 1].name : 0;
  }
  lose(thread, kind);
}

static void end(struct pw_thread* thread, uint32_t name, uint64_t now) {
  if (thread->too_deep > 0) {
    --thread->too_deep;
    return;
  }
  uint32_t at = thread->depth;
  while (at > 0 && thread->frames[at - 1].name != name) --at;
  if (at == 0) {
    remember(thread, PW_LOST_END, &thread->end_named, name, &thread->end_within);
    return;
  }
  if (at != thread->depth) remember(thread, PW_LOST_ORDER, &thread->order_named, name, &thread->order_within);
  close_frame(thread, at - 1, now);
}

perfwatt_region perfwatt_region_named_(const char* name) {
  perfwatt_region region = 0;
  if (!enter()) return 0;
  region = perfwatt_name_of_(name);
  leave();
  return region;
}

void perfwatt_work_(perfwatt_region region, double flops, double bytes, const char* how) {
  if (!enter()) return;
  perfwatt_tell_work_(region, flops, bytes, how);
  leave();
}

perfwatt_team perfwatt_team_here_(void) {
  if (!enter()) return 0;
  const perfwatt_team team = perfwatt_counting_lead_();
  leave();
  return team;
}

void perfwatt_team_join_(perfwatt_team team) {
  if (!enter()) return;
  perfwatt_counting_join_(team);
  leave();
}

void perfwatt_begin_(perfwatt_region region) {
  struct pw_thread* const thread = enter();
  if (!thread) return;
  begin(thread, region);
  leave();
}

void perfwatt_end_(perfwatt_region region) {
  const uint64_t now = perfwatt_now_();
  struct pw_thread* const thread = enter();
  if (!thread) return;
  end(thread, region, now);
  leave();
}

void perfwatt_region_begin_(const char* name) {
  struct pw_thread* const thread = enter();
  if (!thread) return;
  begin(thread, perfwatt_name_of_(name));
  leave();
}

void perfwatt_region_end_(const char* name) {
  const uint64_t now = perfwatt_now_();
  struct pw_thread* const thread = enter();
  if (!thread) return;
  end(thread, perfwatt_name_of_(name), now);
  leave();
}

void perfwatt_items_(double count) {
  struct pw_thread* const thread = enter();
  if (!thread) return;
  struct pw_node* const node =
      thread->depth > 0 ? perfwatt_at_(thread->frames[thread->depth - 1].node, sizeof *node) : NULL;
  if (node && count == count && count >= -1e30 && count <= 1e30)
    node->items += count;
  else
    lose(thread, PW_LOST_ITEMS);
  leave();
}
