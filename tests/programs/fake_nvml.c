// SPDX-License-Identifier: GPL-3.0-or-later
// A libnvidia-ml.so.1 for tests: what it answers stands as NAME=NUMBER words in the file $FAKE_NVML, which it
// reads at every call. Functions and codes are those of NVIDIA's NVML API Reference Guide.
//   init, count_code, boardN, energyN, powerN: a function's return code (0) · count: of boards (1)
//   limitN: of board N, in watts (300) · wattsN: of board N (100) · joulesN: added to its energy counter,
//   which rises by its watts; -1: it has no value · architectureN: nvmlDeviceArchitecture_t (5, Volta)
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct nvmlDevice_st {
  unsigned number;
};

static struct nvmlDevice_st boards[8] = {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}};

static double value(const char* name, unsigned number, double usual) {
  char wanted[32], word[64];
  const char* path = getenv("FAKE_NVML");
  FILE* file = path ? fopen(path, "r") : NULL;
  if (!file) return usual;
  snprintf(wanted, sizeof wanted, name, number);
  while (fscanf(file, "%63s", word) == 1) {
    char* equals = strchr(word, '=');
    if (!equals) continue;
    *equals = 0;
    if (strcmp(word, wanted) == 0) usual = atof(equals + 1);
  }
  fclose(file);
  return usual;
}

static double seconds(void) {
  static double first;
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  const double now = (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
  if (first == 0) first = now;
  return now - first;
}

int nvmlInit_v2(void) { return (int)value("init", 0, 0); }
int nvmlShutdown(void) { return 0; }

const char* nvmlErrorString(int code) {
  switch (code) {
    case 3:
      return "Not Supported";
    case 4:
      return "Insufficient Permissions";
    case 9:
      return "Driver Not Loaded";
    case 15:
      return "GPU is lost";
    default:
      return "Unknown Error";
  }
}

int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = (unsigned)value("count", 0, 1);
  return (int)value("count_code", 0, 0);
}

int nvmlDeviceGetHandleByIndex_v2(unsigned number, struct nvmlDevice_st** board) {
  if (number >= 8) return 2;
  *board = &boards[number];
  return (int)value("board%u", number, 0);
}

int nvmlDeviceGetName(struct nvmlDevice_st* board, char* name, unsigned length) {
  (void)board;
  snprintf(name, length, "Fake V100");
  return 0;
}

int nvmlDeviceGetPowerUsage(struct nvmlDevice_st* board, unsigned* milliwatts) {
  *milliwatts = (unsigned)(1000 * value("watts%u", board->number, 100));
  return (int)value("power%u", board->number, 0);
}

int nvmlDeviceGetTotalEnergyConsumption(struct nvmlDevice_st* board, unsigned long long* millijoules) {
  const double joules = value("joules%u", board->number, 5000);
  *millijoules = joules < 0 ? ~0ULL : (unsigned long long)(1000 * (joules + value("watts%u", board->number, 100) * seconds()));
  return (int)value("energy%u", board->number, 0);
}

int nvmlDeviceGetArchitecture(struct nvmlDevice_st* board, unsigned* architecture) {
  *architecture = (unsigned)value("architecture%u", board->number, 5);
  return 0;
}

int nvmlDeviceGetPowerManagementLimitConstraints(struct nvmlDevice_st* board, unsigned* least,
                                                 unsigned* most) {
  *least = 100000;
  *most = (unsigned)(1000 * value("limit%u", board->number, 300));
  return 0;
}
