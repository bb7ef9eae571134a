// SPDX-License-Identifier: Apache-2.0
// A team has descriptors of its own for its members' counters. Its leader reads those that it found when it
// began to, without the lock; what members leave meanwhile is closed when it is through, so that no number is
// read that is another file's by then.
#define _GNU_SOURCE
#include "mark/team.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mark/ask.h"

#define MOST_TEAMS 64u
#define MOST_MEMBERS 255u
#define NO_ROOM UINT32_MAX
#define PATIENCE 100000  // turns of other threads, of which one has the lock for some 100 ns
#define MOST_TRIES 16
#define MOST_WORDS PW_COUNT_WORDS(PW_MOST_GROUPS, PW_MOST_EVENTS)

struct member {
  uint32_t record;  // a pw_thread: whose; 0: a free place
  int fds[PW_MOST_GROUPS];
};

struct team {
  uint32_t process;  // a pw_process: whose it is. A forked child finds its parent's, which are free to it
  uint32_t locked;
  uint32_t age;         // changes with whose it is
  uint32_t above;       // the team that its leader works for
  uint32_t places;      // of members that were ever taken
  uint32_t incomplete;  // somebody could not be counted
  uint32_t reading;     // its leader is: those below
  uint32_t leaves;      // how many members left
  uint32_t closing;     // of them while it read
  struct member member[MOST_MEMBERS], closed[MOST_MEMBERS], found[MOST_MEMBERS];
  // By those that left, less what the others had counted when they came.
  uint64_t left[MOST_WORDS];
};
static struct team teams[MOST_TEAMS];

// Its place and its age.
static uint32_t id_of(const struct team* team) { return (uint32_t)(team - teams) + 1 + (team->age << 8); }

static bool lock_team(struct team* team) {
  for (int i = 0; i < PATIENCE; ++i) {
    uint32_t no = 0;
    if (__atomic_compare_exchange_n(&team->locked, &no, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      return true;
    syscall(SYS_sched_yield);  // what is in the way may not run at all
  }
  return false;
}

static void unlock_team(struct team* team) { __atomic_store_n(&team->locked, 0, __ATOMIC_RELEASE); }

// Locked; NULL: it is no more, or nobody lets go of it.
static struct team* team_of(uint32_t id) {
  const uint32_t place = (id & 0xff) - 1;
  if (place >= MOST_TEAMS || !lock_team(&teams[place])) return NULL;
  struct team* const team = &teams[place];
  if (__atomic_load_n(&team->process, __ATOMIC_RELAXED) == perfwatt_own_.process && id_of(team) == id)
    return team;
  unlock_team(team);
  return NULL;
}

// The lock of a forked child's may be one that its parent had.
static bool claim(struct team* team) {
  uint32_t found = __atomic_load_n(&team->process, __ATOMIC_RELAXED);
  if (found == perfwatt_own_.process ||
      !__atomic_compare_exchange_n(&team->process, &found, perfwatt_own_.process, false, __ATOMIC_ACQ_REL,
                                   __ATOMIC_RELAXED))
    return false;
  if (found != 0) unlock_team(team);
  return lock_team(team);
}

static uint32_t make_team(void) {
  for (uint32_t i = 0; i < MOST_TEAMS; ++i) {
    struct team* const team = &teams[i];
    if (!claim(team)) continue;
    for (uint32_t k = 0; k < team->places; ++k) team->member[k].record = 0;
    team->places = team->incomplete = team->reading = team->leaves = team->closing = 0;
    memset(team->left, 0, sizeof team->left);
    ++team->age;
    const uint32_t id = id_of(team);
    unlock_team(team);
    return id;
  }
  return NO_ROOM;
}

uint32_t perfwatt_lead_(void) {
  if (perfwatt_own_.leads == 0) perfwatt_own_.leads = make_team();
  struct team* const team = team_of(perfwatt_own_.leads);
  if (!team) return perfwatt_own_.leads;
  team->above = perfwatt_own_.works_for[0];
  unlock_team(team);
  return perfwatt_own_.leads;
}

// The calling thread as a member, and what it has counted.
struct coming {
  struct member member;
  bool counted;
  uint64_t now[MOST_WORDS];
};

static uint32_t own_record(void) { return perfwatt_offset_(perfwatt_own_.thread); }

static struct coming coming_here(pw_read read) {
  struct coming one = {.member = {.record = own_record()}};
  one.counted = perfwatt_own_.groups > 0 && read(perfwatt_own_.fds, one.now) &&
                perfwatt_copy_counters_(perfwatt_own_.fds, one.member.fds, perfwatt_own_.groups);
  return one;
}

static bool take_place(struct team* team, const struct coming* one, uint32_t words) {
  uint32_t place = 0;
  while (place < team->places && team->member[place].record != 0) ++place;
  if (!one->counted || place == MOST_MEMBERS) return false;
  for (uint32_t i = 0; i < words; ++i) team->left[i] -= one->now[i];
  team->member[place] = one->member;
  if (place == team->places) ++team->places;
  return true;
}

// The team above; 0: none.
static uint32_t come_to(uint32_t id, uint32_t words, pw_read read) {
  const struct coming one = coming_here(read);
  struct team* const team = team_of(id);
  const bool came = team && take_place(team, &one, words);
  if (team && !came) team->incomplete = 1;
  const uint32_t above = team ? team->above : 0;
  if (team) unlock_team(team);
  if (!came && one.counted) perfwatt_close_counters_(one.member.fds, perfwatt_own_.groups);
  return above;
}

// Whether its descriptors are the caller's to close.
static bool give_up(struct team* team, struct member* member) {
  ++team->leaves;
  member->record = 0;
  if (team->reading && team->closing < MOST_MEMBERS) team->closed[team->closing++] = *member;
  return !team->reading;
}

static void go_from(uint32_t id, uint32_t words, const uint64_t* now) {
  struct member free = {0};
  struct team* const team = id ? team_of(id) : NULL;
  if (!team) return;
  for (uint32_t i = 0; i < team->places; ++i) {
    if (team->member[i].record != own_record()) continue;
    for (uint32_t k = 0; k < words && now; ++k) team->left[k] += now[k];
    if (!now) team->incomplete = 1;
    const struct member gone = team->member[i];
    if (give_up(team, &team->member[i])) free = gone;
  }
  unlock_team(team);
  if (free.record) perfwatt_close_counters_(free.fds, perfwatt_own_.groups);
}

static void go(uint32_t words, pw_read read) {
  uint64_t now[MOST_WORDS];
  if (perfwatt_own_.works_for[0] == 0) return;
  const bool counted = perfwatt_own_.groups > 0 && read(perfwatt_own_.fds, now);
  for (uint32_t i = 0; i < PW_TEAMS_DEEP; ++i) {
    go_from(perfwatt_own_.works_for[i], words, counted ? now : NULL);
    perfwatt_own_.works_for[i] = 0;
  }
}

void perfwatt_join_(uint32_t team, uint32_t words, pw_read read) {
  if (perfwatt_own_.works_for[0] == team) return;
  go(words, read);
  for (uint32_t i = 0; i < PW_TEAMS_DEEP && team != 0 && team != perfwatt_own_.leads; ++i) {
    perfwatt_own_.works_for[i] = team;
    team = come_to(team, words, read);
  }
}

static void close_all(const struct member* members, uint32_t count, uint32_t groups) {
  for (uint32_t i = 0; i < count; ++i)
    if (members[i].record) perfwatt_close_counters_(members[i].fds, groups);
}

void perfwatt_leave_teams_(uint32_t words, pw_read read) {
  go(words, read);
  struct team* const own = team_of(perfwatt_own_.leads);
  perfwatt_own_.leads = 0;
  if (!own) return;
  close_all(own->member, own->places, perfwatt_own_.groups);
  ++own->age;
  __atomic_store_n(&own->process, 0, __ATOMIC_RELEASE);
  unlock_team(own);
}

struct reading {
  struct team* team;
  uint32_t places, leaves;
  bool whole;
};

// What its leader is to read; what those that left before have counted is added.
static struct reading begin_reading(uint32_t id, uint64_t* to, uint32_t words) {
  struct team* const team = team_of(id);
  if (!team) return (struct reading){0};
  const struct reading reading = {team, team->places, team->leaves, !team->incomplete};
  team->reading = 1;
  memcpy(team->found, team->member, team->places * sizeof *team->found);
  for (uint32_t i = 0; i < words; ++i) to[i] += team->left[i];
  unlock_team(team);
  return reading;
}

static bool add_members(const struct reading* reading, uint64_t* to, uint32_t words, pw_read read) {
  uint64_t one[MOST_WORDS];
  for (uint32_t i = 0; i < reading->places; ++i) {
    const struct member* const member = &reading->team->found[i];
    if (member->record == 0) continue;
    if (!read(member->fds, one)) return false;
    for (uint32_t k = 0; k < words; ++k) to[k] += one[k];
  }
  return true;
}

// Whether nobody left meanwhile, who may have counted on elsewhere.
static bool end_reading(const struct reading* reading, bool whole) {
  struct team* const team = reading->team;
  if (!lock_team(team)) return false;
  team->reading = 0;
  if (!whole) team->incomplete = 1;
  close_all(team->closed, team->closing, perfwatt_own_.groups);
  team->closing = 0;
  const bool still = team->leaves == reading->leaves;
  unlock_team(team);
  return still;
}

bool perfwatt_add_team_(uint32_t id, uint64_t* to, uint32_t words, pw_read read) {
  for (int i = 0; i < MOST_TRIES; ++i) {
    uint64_t team[MOST_WORDS] = {0};
    struct reading reading = begin_reading(id, team, words);
    if (!reading.team) return false;
    reading.whole = reading.whole && add_members(&reading, team, words, read);
    const bool still = end_reading(&reading, reading.whole);
    if (!reading.whole) return false;
    for (uint32_t k = 0; k < words && still; ++k) to[k] += team[k];
    if (still) return true;
  }
  return false;
}
