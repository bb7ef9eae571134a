// SPDX-License-Identifier: Apache-2.0
// A team has descriptors of its own for its members' counters. Its leader reads those that it found when it
// began to, without the lock; what members leave meanwhile is closed by who comes or goes when it is through,
// so that no number is read that is another file's by then, and a leader's mark makes no call but read(2).
#define _GNU_SOURCE
#include "mark/team.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mark/ask.h"

#define MOST_TEAMS 64u
#define MOST_MEMBERS 255u
#define NO_ROOM UINT32_MAX
#define PATIENCE 100000     // turns of other threads, of which one has the lock for some 100 ns
#define TRIES_AT_ONCE 1000  // some 10 us: a seccomp filter may be one that kills whoever gives up its turn
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
  uint32_t groups;      // that each has
  uint32_t incomplete;  // somebody could not be counted
  uint32_t reading;     // its leader is: `found`
  uint32_t leaves;      // how many members left
  uint32_t closing;     // of them while it read: `closed`
  struct member member[MOST_MEMBERS], found[MOST_MEMBERS], closed[MOST_MEMBERS];
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
    if (i >= TRIES_AT_ONCE) syscall(SYS_sched_yield);  // what is in the way may not run at all
  }
  return false;
}

static void unlock_team(struct team* team) { __atomic_store_n(&team->locked, 0, __ATOMIC_RELEASE); }

static bool is_live(const struct team* team, uint32_t id) {
  return __atomic_load_n(&team->process, __ATOMIC_RELAXED) == perfwatt_own_.process && id_of(team) == id;
}

static struct team* place_of(uint32_t id) {
  const uint32_t place = (id & 0xff) - 1;
  return place < MOST_TEAMS ? &teams[place] : NULL;
}

// Locked; NULL: it is no more, or nobody lets go of it.
static struct team* team_of(uint32_t id) {
  struct team* const team = place_of(id);
  if (!team || !lock_team(team)) return NULL;
  if (is_live(team, id)) return team;
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

static void close_members(const struct member* members, uint32_t count, uint32_t groups) {
  for (uint32_t i = 0; i < count; ++i)
    if (members[i].record) perfwatt_close_counters_(members[i].fds, groups);
}

static void close_left(struct team* team) {
  if (team->reading) return;
  close_members(team->closed, team->closing, team->groups);
  team->closing = 0;
}

// What it has is nobody's: of a leader that ended, or of the process that this one was forked from.
static void empty(struct team* team) {
  close_members(team->member, team->places, team->groups);
  close_members(team->closed, team->closing, team->groups);
  team->places = team->reading = team->leaves = team->closing = 0;
  __atomic_store_n(&team->incomplete, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&team->above, 0, __ATOMIC_RELAXED);
  memset(team->left, 0, sizeof team->left);
  ++team->age;
}

static uint32_t make_team(void) {
  for (uint32_t i = 0; i < MOST_TEAMS; ++i) {
    struct team* const team = &teams[i];
    if (!claim(team)) continue;
    empty(team);
    const uint32_t id = id_of(team);
    unlock_team(team);
    return id;
  }
  return NO_ROOM;
}

// Where there is no room for one of its own its members are those of the team that it is in itself.
uint32_t perfwatt_lead_(void) {
  if (perfwatt_own_.leads == 0) perfwatt_own_.leads = make_team();
  const uint32_t above = perfwatt_own_.works_for[0];
  if (perfwatt_own_.leads == NO_ROOM && above != 0) return above;
  struct team* const team = team_of(perfwatt_own_.leads);
  if (!team) return perfwatt_own_.leads;
  __atomic_store_n(&team->above, above, __ATOMIC_RELAXED);
  unlock_team(team);
  return perfwatt_own_.leads;
}

// Without its lock: of one that may be no more, which is found out later.
static uint32_t above_of(uint32_t id) {
  const struct team* const team = place_of(id);
  return team ? __atomic_load_n(&team->above, __ATOMIC_RELAXED) : 0;
}

static void spoil(uint32_t id) {
  struct team* const team = place_of(id);
  if (team) __atomic_store_n(&team->incomplete, 1, __ATOMIC_RELAXED);
}

static uint32_t own_record(void) { return perfwatt_offset_(perfwatt_own_.thread); }

// What a member has counted so far is not the team's when it comes, and is when it goes.
static bool change_left(struct team* team, uint32_t words, pw_read read, bool comes) {
  uint64_t now[MOST_WORDS];
  if (perfwatt_own_.groups == 0 || !read(perfwatt_own_.fds, now)) return false;
  for (uint32_t i = 0; i < words; ++i) team->left[i] += comes ? 0 - now[i] : now[i];
  return true;
}

static bool take_place(struct team* team, const struct member* one, uint32_t words, pw_read read) {
  uint32_t place = 0;
  while (place < team->places && team->member[place].record != 0) ++place;
  if (place == MOST_MEMBERS || !change_left(team, words, read, true)) return false;
  team->member[place] = *one;
  team->groups = perfwatt_own_.groups;
  if (place == team->places) ++team->places;
  return true;
}

static bool come_to(uint32_t id, uint32_t words, pw_read read) {
  struct member one = {.record = own_record()};
  if (perfwatt_own_.groups == 0 || !perfwatt_copy_counters_(perfwatt_own_.fds, one.fds, perfwatt_own_.groups))
    return false;
  struct team* const team = team_of(id);
  const bool came = team && take_place(team, &one, words, read);
  if (team) close_left(team);
  if (team) unlock_team(team);
  if (!came) perfwatt_close_counters_(one.fds, perfwatt_own_.groups);
  return came;
}

static void give_up(struct team* team, struct member* member) {
  ++team->leaves;
  if (team->closing < MOST_MEMBERS) team->closed[team->closing++] = *member;
  member->record = 0;
}

// Of one whose leader has ended there is nothing to leave.
static void go_from(uint32_t id, uint32_t words, pw_read read) {
  struct team* const team = place_of(id);
  if (!team) return;
  if (!lock_team(team)) {
    spoil(id);
    return;
  }
  for (uint32_t i = 0; is_live(team, id) && i < team->places; ++i) {
    if (team->member[i].record != own_record()) continue;
    if (!change_left(team, words, read, false)) spoil(id);
    give_up(team, &team->member[i]);
  }
  close_left(team);
  unlock_team(team);
}

static void go(uint32_t words, pw_read read) {
  for (uint32_t i = 0; i < PW_TEAMS_DEEP && perfwatt_own_.works_for[i] != 0; ++i) {
    go_from(perfwatt_own_.works_for[i], words, read);
    perfwatt_own_.works_for[i] = 0;
  }
}

static bool is_above(uint32_t team, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i)
    if (perfwatt_own_.works_for[i] == team) return true;
  return team == 0 || team == perfwatt_own_.leads;
}

// Whether the calling thread is in that team and in those above it.
static bool is_in(uint32_t team) {
  for (uint32_t i = 0; i < PW_TEAMS_DEEP; ++i, team = above_of(team)) {
    if (perfwatt_own_.works_for[i] != team) return perfwatt_own_.works_for[i] == 0 && is_above(team, i);
    if (team == 0) return true;
  }
  return true;
}

// Where it cannot be in them the teams that it works for are told.
void perfwatt_join_(uint32_t team, uint32_t words, pw_read read) {
  if (is_in(team)) return;
  const bool filtered = perfwatt_is_filtered_();
  if (!filtered) go(words, read);
  uint32_t deep = 0;
  for (; deep < PW_TEAMS_DEEP && !filtered && !is_above(team, deep); ++deep, team = above_of(team)) {
    if (!come_to(team, words, read)) spoil(team);
    perfwatt_own_.works_for[deep] = team;
  }
  for (uint32_t i = 0; i < MOST_TEAMS && !is_above(team, deep); ++i, team = above_of(team)) spoil(team);
}

void perfwatt_leave_teams_(uint32_t words, pw_read read) {
  go(words, read);
  struct team* const own = team_of(perfwatt_own_.leads);
  perfwatt_own_.leads = 0;
  if (!own) return;
  empty(own);
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
  const bool whole = __atomic_load_n(&team->incomplete, __ATOMIC_RELAXED) == 0;
  const struct reading reading = {team, team->places, team->leaves, whole};
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
static bool end_reading(const struct reading* reading) {
  struct team* const team = reading->team;
  if (!lock_team(team)) return false;
  team->reading = 0;
  const bool still = team->leaves == reading->leaves;
  unlock_team(team);
  return still;
}

bool perfwatt_add_team_(uint32_t id, uint64_t* to, uint32_t words, pw_read read) {
  for (int i = 0; i < MOST_TRIES; ++i) {
    uint64_t team[MOST_WORDS] = {0};
    const struct reading reading = begin_reading(id, team, words);
    if (!reading.team) return false;
    const bool whole = reading.whole && add_members(&reading, team, words, read);
    const bool still = end_reading(&reading);
    if (!whole) spoil(id);
    if (!whole) return false;
    for (uint32_t k = 0; k < words && still; ++k) to[k] += team[k];
    if (still) return true;
  }
  return false;
}
