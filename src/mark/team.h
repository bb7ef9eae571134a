// SPDX-License-Identifier: Apache-2.0
// PW_SCOPE_TEAM: the threads that work for one that marks, whose counters it reads with its own. They stand
// in this process's memory: nothing of the slab, which others may write to, says what is read.
#pragma once

#include "mark/writer.h"

// Reads one thread's counters; false: they could not be read.
typedef bool (*pw_read)(const int* fds, uint64_t* to);

// The calling thread's team, for perfwatt_join_; made where it has none.
PW_INSIDE uint32_t perfwatt_lead_(void);
// The calling thread works for that team from now on, and for those that its leader works for. `words`: of a
// reading.
PW_INSIDE void perfwatt_join_(uint32_t team, uint32_t words, pw_read read);
// It ends: its team is none, and in those that it was in stays what it has counted.
PW_INSIDE void perfwatt_leave_teams_(uint32_t words, pw_read read);
// Adds what has been counted in the team since it is one; false: not all of it can be known.
PW_INSIDE bool perfwatt_add_team_(uint32_t team, uint64_t* to, uint32_t words, pw_read read);
