// SPDX-License-Identifier: GPL-3.0-or-later
// The starter: the leader of the command's session, which starts the command as a child of perfwatt's own
// and stands by until it ends. A small program (start_main.c) that perfwatt carries in itself, so that the
// command starts in little memory; where that cannot be executed, a fork of perfwatt does the same. C, and
// nothing but system calls before the command's exec.
#pragma once

#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct pw_start {
  int control;  // SOCK_SEQPACKET to perfwatt: struct pw_word of the starter; a byte from perfwatt lets it go
  int command;  // the same of the command: struct pw_go lets it go, struct pw_began comes before its exec
  pid_t parent;
  const char* user;  // "" for nobody else, or "UID GID GROUP..."
  char** argv;       // the command, ended by NULL
};

struct pw_word {
  int64_t
      value;  // first the command's process number, or a negative errno; then when it ended (monotonic ns)
};

#define PW_MOST_GIVEN 16  // descriptors

// With it come so many descriptors (SCM_RIGHTS), which the command has under these numbers.
struct pw_go {
  int32_t count;
  int32_t numbers[PW_MOST_GIVEN];
};

struct pw_began {
  int64_t time;                                                    // CLOCK_MONOTONIC, nanoseconds
  int32_t error;                                                   // 0: the exec comes now; else its errno
  int32_t minor_faults, voluntary_switches, involuntary_switches;  // until then, as getrusage(2) has them
  int64_t user_us, system_us;                                      // likewise
};

// In a process that has one thread, and the command's descriptors, signals, limits and environment. Does not
// return. Where perfwatt is gone before it lets the starter go, whatever is in the session is killed.
void pw_start_command(const struct pw_start* start) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif
