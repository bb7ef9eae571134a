/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A module for OpenIPMI's ipmi_sim: a BMC that tells watts through DCMI, and that skiboot accepts as an
 * OpenPOWER BMC. It is loaded with `loadlib "bmc_module.so" "file=CONTROL"`; symbols come from ipmi_sim.
 *
 * CONTROL is read at every request and holds one of:
 *
 * - 262: constant watts.
 *
 * - watts=262 min=248 max=263 avg=257 period_ms=1000 active=1 cc=0xc0 delay_ms=1500 stamp=0: any of these,
 *   and other values for the rest. cc is the completion code; the answer comes delay_ms later; stamp is the
 *   time stamp, else it is now.
 *
 * - trace, then lines SECONDS WATTS: linear between the lines, the last holds; time 0 is the file's mtime.
 *
 * - load idle=120 full=220: watts follow the machine's load, idle + (full - idle) * utilisation.
 *
 * No CONTROL: completion code c0 (node busy).
 *
 * Where the bytes come from: "DCMI 1.5" is the Data Center Manageability Interface Specification v1.5 rev.
 * 1.0; "IPMI 2.0" the Intelligent Platform Management Interface Specification v2.0 rev. 1.1; "HIOMAP" the
 * hiomapd protocol v2 of OpenBMC (mboxbridge/Documentation/mbox_protocol.md). Byte 1 of a specification is
 * out[0].
 */
#include <OpenIPMI/lanserv.h>
#include <OpenIPMI/mcserv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* DCMI 1.5, 6: the group extension identification; 6.1.1 and 6.6.1: commands. */
enum { DCMI_GROUP = 0xdc, CMD_CAPABILITIES = 0x01, CMD_POWER_READING = 0x02 };
/* HIOMAP: the OpenPOWER OEM command that carries it. */
enum { NETFN_OEM = 0x3a, CMD_HIOMAP = 0x5a };
/* IPMI 2.0, table 5-2: completion codes. */
enum { CC_OK = 0x00, CC_BUSY = 0xc0, CC_INVALID_COMMAND = 0xc1, CC_SHORT = 0xc7, CC_INVALID_FIELD = 0xcc };

struct reading {
  unsigned watts, min, max, avg, period_ms, active, cc, delay_ms, stamp;
};

static char control_path[512];
static unsigned lowest, highest;
static double total;
static unsigned long readings;

static double seconds_since(struct timespec past) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (double)(now.tv_sec - past.tv_sec) + (double)(now.tv_nsec - past.tv_nsec) * 1e-9;
}

static unsigned rounded(double watts) { return watts > 0 ? (unsigned)(watts + 0.5) : 0; }

static unsigned trace_watts(char *lines) {
  struct stat status;
  double now = stat(control_path, &status) ? 0 : seconds_since(status.st_mtim);
  double time, watts, last_time = 0, last_watts = 0;
  int first = 1;
  char *rest = NULL;
  for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
    if (sscanf(line, "%lf %lf", &time, &watts) != 2) continue;
    if (time >= now)
      return rounded(first || time == last_time
                         ? watts
                         : last_watts + (watts - last_watts) * (now - last_time) / (time - last_time));
    last_time = time;
    last_watts = watts;
    first = 0;
  }
  return rounded(last_watts);
}

/* The CPUs' time so far, in seconds (proc(5), /proc/stat): all of it, and what was not idle or waiting for
 * I/O. */
static int cpu_time(double *all, double *busy) {
  double field[8] = {0}, hz = (double)sysconf(_SC_CLK_TCK), cpus = (double)sysconf(_SC_NPROCESSORS_ONLN),
         sum = 0;
  FILE *file = fopen("/proc/stat", "r");
  if (!file) return 0;
  int got = fscanf(file, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &field[0], &field[1], &field[2], &field[3],
                   &field[4], &field[5], &field[6], &field[7]);
  fclose(file);
  for (int i = 0; i < 8; i++) sum += field[i];
  *all = sum / (hz * cpus);
  *busy = (sum - field[3] - field[4]) / (hz * cpus);
  return got >= 5;
}

/* The CPUs' utilisation, 0 to 1: its mean since the request before (since the boot, at the first), at least
 * 200 ms long, smoothed with 0.3 s as the capacitors of a power supply smooth its input. */
static double utilisation(void) {
  static double last_all, last_busy, smoothed;
  double all, busy;
  if (!cpu_time(&all, &busy) || all - last_all < 0.2) return smoothed;
  double seconds = all - last_all, share = (busy - last_busy) / seconds;
  smoothed += (share - smoothed) * seconds / (seconds + 0.3);
  last_all = all;
  last_busy = busy;
  return smoothed;
}

static unsigned load_watts(const char *text) {
  double idle = 100, full = 200;
  const char *at;
  if ((at = strstr(text, "idle="))) idle = strtod(at + 5, NULL);
  if ((at = strstr(text, "full="))) full = strtod(at + 5, NULL);
  return rounded(idle + (full - idle) * utilisation());
}

static void set_key(struct reading *r, const char *key, unsigned value) {
  struct {
    const char *name;
    unsigned *field;
  } keys[] = {
      {"watts", &r->watts},         {"min", &r->min},       {"max", &r->max}, {"avg", &r->avg},
      {"period_ms", &r->period_ms}, {"active", &r->active}, {"cc", &r->cc},   {"delay_ms", &r->delay_ms},
      {"stamp", &r->stamp}};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (!strcmp(keys[i].name, key)) *keys[i].field = value;
}

static void read_keys(struct reading *r, char *text) {
  char *rest = NULL;
  for (char *pair = strtok_r(text, " \t\r\n", &rest); pair; pair = strtok_r(NULL, " \t\r\n", &rest)) {
    char *value = strchr(pair, '=');
    if (!value) continue;
    *value++ = 0;
    set_key(r, pair, (unsigned)strtoul(value, NULL, 0));
  }
}

static void remember(struct reading *r) {
  if (!readings || r->watts < lowest) lowest = r->watts;
  if (!readings || r->watts > highest) highest = r->watts;
  total += r->watts;
  readings++;
  r->min = lowest;
  r->max = highest;
  r->avg = rounded(total / (double)readings);
}

static struct reading read_control(void) {
  struct reading r = {.period_ms = 1000, .active = 1, .stamp = (unsigned)time(NULL)};
  static char text[65536];
  FILE *file = fopen(control_path, "r");
  if (!file) {
    r.cc = CC_BUSY;
    return r;
  }
  text[fread(text, 1, sizeof text - 1, file)] = 0;
  fclose(file);
  if (!strncmp(text, "trace", 5))
    r.watts = trace_watts(text + 5);
  else if (!strncmp(text, "load", 4))
    r.watts = load_watts(text);
  else if (!strchr(text, '='))
    r.watts = (unsigned)strtoul(text, NULL, 0);
  else {
    static char again[65536];
    strcpy(again, text);
    read_keys(&r, again);
    remember(&r);
    read_keys(&r, text);
    return r;
  }
  remember(&r);
  return r;
}

static void put16(unsigned char *at, unsigned value) {
  at[0] = value & 0xff;
  at[1] = (value >> 8) & 0xff;
}

static void put32(unsigned char *at, unsigned value) {
  put16(at, value & 0xffff);
  put16(at + 2, value >> 16);
}

static void answer_error(unsigned char *out, unsigned *length, unsigned code) {
  out[0] = (unsigned char)code;
  out[1] = DCMI_GROUP;
  *length = 2;
}

/* DCMI 1.5, 6.6.1 Get Power Reading. Request: group, mode (1: system power statistics), two more bytes. */
static void power_reading(const msg_t *msg, unsigned char *out, unsigned *length) {
  if (msg->len < 4) {
    answer_error(out, length, CC_SHORT);
    return;
  }
  struct reading r = read_control();
  if (r.delay_ms) usleep(r.delay_ms * 1000);
  if (r.cc || (msg->data[1] != 1 && msg->data[1] != 2)) {
    answer_error(out, length, r.cc ? r.cc : CC_INVALID_FIELD);
    return;
  }
  out[0] = CC_OK;
  out[1] = DCMI_GROUP;
  put16(out + 2, r.watts);          /* bytes 3-4: current power, W */
  put16(out + 4, r.min);            /* bytes 5-6: minimum over the reporting period */
  put16(out + 6, r.max);            /* bytes 7-8: maximum */
  put16(out + 8, r.avg);            /* bytes 9-10: average */
  put32(out + 10, r.stamp);         /* bytes 11-14: IPMI time stamp, s since 1970 */
  put32(out + 14, r.period_ms);     /* bytes 15-18: reporting period, ms */
  out[18] = r.active ? 0x40 : 0x00; /* byte 19: bit 6: power measurement active */
  *length = 19;
}

/* DCMI 1.5, 6.1.1 Get DCMI Capabilities Info: parameters 1 to 5 of table 6-3. */
static void capabilities(const msg_t *msg, unsigned char *out, unsigned *length) {
  static const struct {
    unsigned length;
    unsigned char bytes[5];
  } parameters[] = {
      {3, {0x00, 0x01, 0x07}},             /* 1: power management; in-band, serial and LAN channels */
      {5, {0x00, 0x80, 0x00, 0x00, 0x01}}, /* 2: SEL with roll-over, no asset tag, temperature sampling 1 s */
      {2, {0x20, 0x00}},                   /* 3: power management device at 0x20, channel 0 */
      {3, {0x01, 0xff, 0xff}},             /* 4: primary LAN channel 1, no secondary, no serial */
      {2, {0x01, 0x01}},                   /* 5: one rolling average, of 1 s */
  };
  unsigned which = msg->len >= 2 ? msg->data[1] : 0;
  if (which < 1 || which > 5) {
    answer_error(out, length, CC_INVALID_FIELD);
    return;
  }
  out[0] = CC_OK;
  out[1] = DCMI_GROUP;
  out[2] = 1, out[3] = 5; /* DCMI 1.5 */
  out[4] = 2;             /* parameter revision */
  memcpy(out + 5, parameters[which - 1].bytes, parameters[which - 1].length);
  *length = 5 + parameters[which - 1].length;
}

static void answer_dcmi(lmc_data_t *mc, msg_t *msg, unsigned char *out, unsigned *length, void *data) {
  (void)mc, (void)data;
  if (msg->cmd == CMD_CAPABILITIES)
    capabilities(msg, out, length);
  else if (msg->cmd == CMD_POWER_READING)
    power_reading(msg, out, length);
  else
    answer_error(out, length, CC_INVALID_COMMAND);
}

/* HIOMAP: where the host finds its flash. Without an answer skiboot waits 3 x 3 s and every IPMI command
 * takes 2 s. Request and answer: byte 1 (after the completion code): command, byte 2: sequence number. */
enum {
  HIOMAP_RESET = 1,
  HIOMAP_GET_INFO = 2,
  HIOMAP_GET_FLASH_INFO = 3,
  HIOMAP_CREATE_READ_WINDOW = 4,
  HIOMAP_CLOSE = 5,
  HIOMAP_CREATE_WRITE_WINDOW = 6,
  HIOMAP_MARK_DIRTY = 7,
  HIOMAP_FLUSH = 8,
  HIOMAP_ACKNOWLEDGE = 9,
  HIOMAP_ERASE = 10,
  BLOCK_SHIFT = 12,
  FLASH_OFFSET = 0x0c000000,
  FLASH_SIZE = 128 << 20
};

/* The arguments of the answer to `command`; their length, or -1 for a command that there is not. */
static int hiomap_arguments(unsigned command, unsigned char *out) {
  switch (command) {
    case HIOMAP_GET_INFO:
      out[0] = 2;           /* protocol version */
      out[1] = BLOCK_SHIFT; /* block size, as a power of 2 */
      put16(out + 2, 0);    /* suggested timeout, s: none */
      return 4;
    case HIOMAP_GET_FLASH_INFO:
      put16(out, FLASH_SIZE >> BLOCK_SHIFT); /* flash size, blocks */
      put16(out + 2, 1);                     /* erase granule, blocks */
      return 4;
    case HIOMAP_CREATE_READ_WINDOW:
    case HIOMAP_CREATE_WRITE_WINDOW:
      put16(out, FLASH_OFFSET >> BLOCK_SHIFT);   /* LPC bus address, blocks */
      put16(out + 2, FLASH_SIZE >> BLOCK_SHIFT); /* window size, blocks */
      put16(out + 4, 0);                         /* offset in the flash, blocks */
      return 6;
    default:
      return command >= HIOMAP_RESET && command <= HIOMAP_ERASE ? 0 : -1;
  }
}

static void answer_hiomap(lmc_data_t *mc, msg_t *msg, unsigned char *out, unsigned *length, void *data) {
  (void)mc, (void)data;
  int arguments = msg->len < 2 ? -1 : hiomap_arguments(msg->data[0], out + 3);
  if (arguments < 0) {
    out[0] = msg->len < 2 ? CC_SHORT : CC_INVALID_COMMAND;
    *length = 1;
    return;
  }
  out[0] = CC_OK;
  out[1] = msg->data[0]; /* command, repeated */
  out[2] = msg->data[1]; /* sequence number, repeated */
  *length = 3 + (unsigned)arguments;
}

int ipmi_sim_module_print_version(sys_data_t *sys, char *options) {
  (void)sys, (void)options;
  printf("perfwatt bmc_module 1\n");
  return 0;
}

int ipmi_sim_module_init(sys_data_t *sys, const char *options) {
  const char *file = options ? strstr(options, "file=") : NULL;
  (void)sys;
  snprintf(control_path, sizeof control_path, "%s", file ? file + 5 : "control");
  utilisation();
  ipmi_emu_register_group_extension_handler(DCMI_GROUP, answer_dcmi, NULL);
  if (ipmi_emu_register_cmd_handler(NETFN_OEM, CMD_HIOMAP, answer_hiomap, NULL)) {
    fprintf(stderr, "bmc_module: no HIOMAP handler could be registered\n");
    return 1;
  }
  return 0;
}
