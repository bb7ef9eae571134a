// SPDX-License-Identifier: Apache-2.0
// For the recorder and for tests, in the process that made the slab. Also C++.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Nanoseconds that a begin and its end take here and now, of a handle, within another region: the median of
// some. -1: this process marks elsewhere, or the slab cannot be used.
int64_t perfwatt_mark_cost_(int fd, uint64_t stamp);

// This process marks there from now on, until perfwatt_mark_stop_(); not 0: it does.
int perfwatt_mark_start_(int fd, uint64_t stamp);
void perfwatt_mark_stop_(void);

#ifdef __cplusplus
}
#endif
