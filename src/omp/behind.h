// SPDX-License-Identifier: Apache-2.0
// The functions of libgomp's that ours stand in front of.
#pragma once

#include "omp/marks.h"

PW_HIDDEN void* perfwatt_behind_(const char* name);

// The function behind ours, looked for once.
#define BEHIND(name)                                       \
  static void* behind;                                     \
  void* real = __atomic_load_n(&behind, __ATOMIC_ACQUIRE); \
  if (!real) __atomic_store_n(&behind, real = perfwatt_behind_(#name), __ATOMIC_RELEASE)

#define EXPORTED __attribute__((visibility("default")))
