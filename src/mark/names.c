// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "mark/writer.h"

struct key {
  const char* text;
  uint32_t length;
  uint64_t full_length;
};

// Fowler, Noll and Vo's, eight bytes at a time, mixed as in MurmurHash3.
static uint32_t hash_of(const struct key* key) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ key->length;
  for (uint32_t i = 0; i < key->length; i += 8) {
    uint64_t word = 0;
    memcpy(&word, key->text + i, key->length - i < 8 ? key->length - i : 8);
    hash = (hash ^ word) * UINT64_C(0x100000001b3);
    hash ^= hash >> 32;
  }
  hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
  return (uint32_t)(hash ^ hash >> 33);
}

static bool same_name(uint32_t offset, const void* key) {
  const struct key* const wanted = key;
  const struct pw_name* const name = perfwatt_at_(offset, sizeof *name);
  return name && name->length == wanted->length &&
         perfwatt_at_(offset, (uint32_t)sizeof *name + name->length) &&
         !memcmp(name + 1, wanted->text, name->length);
}

static uint32_t make_name(const void* key) {
  const struct key* const wanted = key;
  const uint32_t at = perfwatt_take_((uint32_t)sizeof(struct pw_name) + wanted->length);
  struct pw_name* const name = perfwatt_at_(at, sizeof *name);
  if (!name) return 0;
  name->length = wanted->length;
  name->full_length = wanted->full_length;
  name->ordinal = 1;
  memcpy(name + 1, wanted->text, wanted->length);
  perfwatt_push_(&perfwatt_head_()->names, at);
  return at;
}

uint32_t perfwatt_name_of_(const char* text) {
  struct key key = {text ? text : "", 0, 0};
  key.full_length = strlen(key.text);
  key.length = key.full_length < PW_LONGEST_NAME ? (uint32_t)key.full_length : PW_LONGEST_NAME;
  return perfwatt_find_or_make_(&perfwatt_head_()->name_table, hash_of(&key), &key, same_name, make_name);
}

static double known(double number) { return number > 0 && number < 1e30 ? number : 0; }

void perfwatt_tell_work_(uint32_t name_at, double flops, double bytes, const char* how) {
  struct pw_name* const name = perfwatt_at_(name_at, sizeof *name);
  uint32_t none = 0;
  if (!name || __atomic_load_n(&name->work, __ATOMIC_RELAXED)) return;
  const size_t size = how ? strnlen(how, PW_LONGEST_HOW) : 0;
  const uint32_t at = perfwatt_take_((uint32_t)(sizeof(struct pw_work) + size));
  struct pw_work* const work = perfwatt_at_(at, sizeof *work);
  if (!work) return;
  work->flops = known(flops);
  work->bytes = known(bytes);
  work->length = (uint32_t)size;
  if (size > 0) memcpy(work + 1, how, size);
  __atomic_compare_exchange_n(&name->work, &none, at, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}
