// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "omp/marks.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY "libperfwatt_mark.so.0"
#define PREFIX "\1omp\1"  // says who marked it
#define LONGEST 256
#define PLACES 1024  // codes whose regions are known: a power of 2

static struct {
  uint32_t (*named)(const char*);
  void (*begin)(uint32_t);
  void (*end)(uint32_t);
  uint32_t (*team_here)(void);  // NULL, and the next: of a library that knows no teams
  void (*join)(uint32_t);
  const int* marking;
} mark;
static uint32_t share;

static struct perfwatt_place_ places[PLACES];

// One that is loaded already, else the one in the folder above ours.
static void* open_library(void) {
  void* const loaded = dlopen(LIBRARY, RTLD_NOW | RTLD_NOLOAD);
  Dl_info ours;
  char path[PATH_MAX];
  if (loaded || !dladdr((const void*)&share, &ours) ||
      strlen(ours.dli_fname) + sizeof "/" LIBRARY > sizeof path)
    return loaded;
  strcpy(path, ours.dli_fname);
  for (int i = 0; i < 2; ++i) {
    char* const slash = strrchr(path, '/');
    if (!slash) return NULL;
    *slash = 0;
  }
  return dlopen(strcat(path, "/" LIBRARY), RTLD_NOW | RTLD_LOCAL);
}

static void load(void) {
  if (!getenv("PERFWATT_REGIONS")) return;
  void* const library = open_library();
  if (!library) return;
  *(void**)&mark.named = dlsym(library, "perfwatt_region_named_");
  *(void**)&mark.begin = dlsym(library, "perfwatt_begin_");
  *(void**)&mark.end = dlsym(library, "perfwatt_end_");
  *(void**)&mark.team_here = dlsym(library, "perfwatt_team_here_");
  *(void**)&mark.join = dlsym(library, "perfwatt_team_join_");
  if (!mark.named || !mark.begin || !mark.end) return;
  // A program that is linked with the library has the variable in its own data (a copy relocation).
  mark.marking = dlsym(RTLD_DEFAULT, "perfwatt_marking_");
  if (!mark.marking) mark.marking = dlsym(library, "perfwatt_marking_");
  if (mark.marking && *mark.marking) share = mark.named(PREFIX "parallel");
}

static bool is_marking(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return mark.marking && *mark.marking;
}

static uint32_t name_region(const void* code) {
  char name[LONGEST] = PREFIX;
  perfwatt_symbol_of_(code, name + sizeof PREFIX - 1, sizeof name - (sizeof PREFIX - 1));
  return mark.named(name);
}

// Of two threads that come with the same code both name it, the same.
static struct perfwatt_place_* place_of(const void* code) {
  const uint64_t hash = (uint64_t)(uintptr_t)code * UINT64_C(0x9e3779b97f4a7c15);
  for (unsigned i = 0; i < 16; ++i) {
    struct perfwatt_place_* const place = &places[((hash >> 40) + i) % PLACES];
    const void* none = NULL;
    if (__atomic_load_n(&place->code, __ATOMIC_ACQUIRE) == code) return place;
    if (__atomic_compare_exchange_n(&place->code, &none, code, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) ||
        none == code)
      return place;
  }
  return NULL;
}

const struct perfwatt_place_* perfwatt_omp_place_(const void* code) {
  if (!is_marking()) return NULL;
  struct perfwatt_place_* const place = place_of(code);
  if (place && __atomic_load_n(&place->region, __ATOMIC_ACQUIRE) == 0)
    __atomic_store_n(&place->region, name_region(code), __ATOMIC_RELEASE);
  return place && place->region ? place : NULL;
}

uint32_t perfwatt_omp_region_(const void* code) {
  const struct perfwatt_place_* const place = perfwatt_omp_place_(code);
  return place ? place->region : 0;
}

uint32_t perfwatt_omp_number_(const struct perfwatt_place_* place) {
  return place ? (uint32_t)(place - places) + 1 : 0;
}

const struct perfwatt_place_* perfwatt_omp_numbered_(uint32_t number) {
  return number > 0 && number <= PLACES ? &places[number - 1] : NULL;
}

uint32_t perfwatt_omp_share_(void) { return share; }

void perfwatt_omp_begin_(uint32_t region) { mark.begin(region); }
void perfwatt_omp_end_(uint32_t region) { mark.end(region); }

uint32_t perfwatt_omp_team_(void) { return mark.team_here ? mark.team_here() : 0; }
void perfwatt_omp_join_(uint32_t team) {
  if (team && mark.join) mark.join(team);
}
