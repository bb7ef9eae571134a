// SPDX-License-Identifier: GPL-3.0-or-later
// NAME CONTROL COMMAND PARENT USER WORD...: struct pw_start as words.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/prctl.h>

#include "os/command/start.h"

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  prctl(PR_SET_NAME, argv[0]);
  const struct pw_start start = {atoi(argv[1]), atoi(argv[2]), atoi(argv[3]), argv[4], argv + 5};
  pw_start_command(&start);
}
