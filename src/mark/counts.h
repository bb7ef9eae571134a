// SPDX-License-Identifier: Apache-2.0
// The counters that a mark reads: one read(2) a group, of descriptors that perfwatt opened. No call in here
// is a point at which a thread can be cancelled, and errno stays what it was.
#pragma once

#include "mark/writer.h"

// Once this process is attached, and when it is no more.
PW_INSIDE void perfwatt_counting_starts_(void);
PW_INSIDE void perfwatt_counting_stops_(void);

// The calling thread has, or needs no more, counters of its own.
PW_INSIDE void perfwatt_counting_thread_(void);
PW_INSIDE void perfwatt_counting_thread_ends_(void);

// Of PW_SCOPE_TEAM: the team of the threads that work for the calling one; 0: none. It works for that one.
PW_INSIDE uint32_t perfwatt_counting_lead_(void);
PW_INSIDE void perfwatt_counting_join_(uint32_t team);

// The counters as they stand at the begin of a region, into its frame.
PW_INSIDE void perfwatt_count_begin_(struct pw_frame* frame);
// What they counted since then, to its node (NULL: it has none) and to what is within `above` (NULL:
// nothing).
PW_INSIDE void perfwatt_count_end_(struct pw_frame* frame, struct pw_node* node, struct pw_frame* above);
