// SPDX-License-Identifier: Apache-2.0
// Regions of OpenMP, marked through libperfwatt_mark where the process runs under `perfwatt run`. It is
// loaded at the first of them: a process without OpenMP pays for nothing.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PW_HIDDEN __attribute__((visibility("hidden")))

// A code and its region, named by its symbol. NULL and 0: nothing is marked, or there are more than a
// thousand.
struct perfwatt_place_ {
  const void* code;
  uint32_t region;
};
PW_HIDDEN const struct perfwatt_place_* perfwatt_omp_place_(const void* code);
PW_HIDDEN uint32_t perfwatt_omp_region_(const void* code);
// Its number, from 1; 0: none.
PW_HIDDEN uint32_t perfwatt_omp_number_(const struct perfwatt_place_* place);
PW_HIDDEN const struct perfwatt_place_* perfwatt_omp_numbered_(uint32_t number);
// What a thread does for a parallel region.
PW_HIDDEN uint32_t perfwatt_omp_share_(void);
PW_HIDDEN void perfwatt_omp_begin_(uint32_t region);
// The team of the calling thread (0: none), and to work for it.
PW_HIDDEN uint32_t perfwatt_omp_team_(void);
PW_HIDDEN void perfwatt_omp_join_(uint32_t team);
PW_HIDDEN void perfwatt_omp_end_(uint32_t region);

// "main._omp_fn.0", "main+0x1f" or "libm.so.6+0x1234" for the code there, cut to `bytes`.
PW_HIDDEN void perfwatt_symbol_of_(const void* code, char* name, size_t bytes);

// A tool of OpenMP's has been started: what libgomp's functions do, it tells.
PW_HIDDEN extern bool perfwatt_ompt_;
