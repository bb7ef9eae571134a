// SPDX-License-Identifier: Apache-2.0
// How a thread gets counters of its own (PW_SCOPE_THREAD): it asks perfwatt at its first mark.
#pragma once

#include "mark/writer.h"

// PW_COUNTED: descriptors of the leaders of `groups` groups, of high numbers. Else why not, and the errno.
PW_INSIDE uint32_t perfwatt_ask_(int socket, uint64_t stamp, int* fds, uint32_t groups, int* error);

// Whether a seccomp filter is set: it may kill who asks, opens or closes.
PW_INSIDE bool perfwatt_is_filtered_(void);

// Of as many, of high numbers. false: there is no room for them.
PW_INSIDE bool perfwatt_copy_counters_(const int* fds, int* copies, uint32_t groups);

// Closes what is a counter.
PW_INSIDE void perfwatt_close_counters_(const int* fds, uint32_t groups);
