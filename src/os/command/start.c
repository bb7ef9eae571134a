// SPDX-License-Identifier: GPL-3.0-or-later
#define _GNU_SOURCE
#include "os/command/start.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void tell(int control, int64_t value) {
  const struct pw_word word = {value};
  (void)!send(control, &word, sizeof word, MSG_NOSIGNAL);
}

static int tell_began(int command, int error) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  const struct pw_began began = {
      .time = now(),
      .error = error,
      .minor_faults = (int32_t)used.ru_minflt,
      .voluntary_switches = (int32_t)used.ru_nvcsw,
      .involuntary_switches = (int32_t)used.ru_nivcsw,
      .user_us = (int64_t)used.ru_utime.tv_sec * 1000000 + used.ru_utime.tv_usec,
      .system_us = (int64_t)used.ru_stime.tv_sec * 1000000 + used.ru_stime.tv_usec,
  };
  return send(command, &began, sizeof began, MSG_NOSIGNAL) == (ssize_t)sizeof began;
}

// 0 or the errno.
static int become(const char* user) {
  gid_t groups[1024];
  size_t count = 0;
  char* at = NULL;
  const uid_t uid = (uid_t)strtoul(user, &at, 10);
  while (*at && count < sizeof groups / sizeof groups[0]) groups[count++] = (gid_t)strtoul(at, &at, 10);
  if (count == 0) return EINVAL;
  if (getuid() == 0 && setgroups(count - 1, groups + 1) != 0) return errno;
  return setgid(groups[0]) != 0 || setuid(uid) != 0 ? errno : 0;
}

// As a user's shell: a file without "#!" is a script of sh, but a program of another machine is not.
static void execute(char** argv) {
  char head[4] = {0};
  if (strchr(argv[0], '/')) {
    execv(argv[0], argv);
    const int error = errno, file = error == ENOEXEC ? open(argv[0], O_RDONLY | O_CLOEXEC) : -1;
    const int elf = file >= 0 && read(file, head, sizeof head) == sizeof head && !memcmp(head, "\177ELF", 4);
    if (file >= 0) close(file);
    errno = error;
    if (error != ENOEXEC || elf) return;
  }
  execvp(argv[0], argv);
}

// What perfwatt gives it stays open through its exec.
static void keep(const struct msghdr* message, const struct pw_go* go) {
  const struct cmsghdr* const given = CMSG_FIRSTHDR(message);
  if (!given || given->cmsg_type != SCM_RIGHTS) return;
  const size_t came = (given->cmsg_len - CMSG_LEN(0)) / sizeof(int);
  for (size_t i = 0; i < came && i < PW_MOST_GIVEN && (int)i < go->count; ++i) {
    int fd = -1;
    memcpy(&fd, CMSG_DATA(given) + sizeof fd * i, sizeof fd);
    dup2(fd, go->numbers[i]);
  }
}

// False: perfwatt is gone.
static int wait_for_go(int command) {
  struct pw_go go = {0, {0}};
  union {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(int) * PW_MOST_GIVEN)];
  } given;
  struct iovec data = {&go, sizeof go};
  struct msghdr message = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = &given, .msg_controllen = sizeof given};
  if (recvmsg(command, &message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof go) return 0;
  keep(&message, &go);
  return 1;
}

static void run(const struct pw_start* start) {
  int error = *start->user ? become(start->user) : 0;
  // After the change of user, which clears it.
  if (error == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) error = errno;
  if (getppid() != start->parent || !wait_for_go(start->command)) _exit(127);
  if (error == 0 && tell_began(start->command, 0)) {
    execute(start->argv);
    error = errno;
  }
  tell_began(start->command, error);
  _exit(127);
}

static void close_from(unsigned first, unsigned last) {
#ifdef SYS_close_range
  if (first > last || syscall(SYS_close_range, first, last, 0) == 0) return;
#endif
  if (last > 4096) last = 4096;
  for (unsigned fd = first; fd <= last; ++fd) close((int)fd);
}

// The session of process `name`, which is no zombie; 0 where there is none.
static long session_of(const char* name) {
  char path[300], text[512], state = 'Z';
  long session = 0;
  snprintf(path, sizeof path, "/proc/%s/stat", name);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  const ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0) close(fd);
  if (got <= 0) return 0;
  text[got] = 0;
  const char* const after_name = strrchr(text, ')');
  if (!after_name || sscanf(after_name + 1, " %c %*d %*d %ld", &state, &session) != 2) return 0;
  return state == 'Z' ? 0 : session;
}

// How many others there were.
static int kill_session_once(void) {
  int found = 0;
  DIR* const folder = opendir("/proc");
  if (!folder) return 0;
  for (const struct dirent* entry; (entry = readdir(folder));) {
    const pid_t process = (pid_t)atol(entry->d_name);
    if (process <= 0 || process == getpid() || session_of(entry->d_name) != getpid()) continue;
    kill(process, SIGKILL);
    ++found;
  }
  closedir(folder);
  return found;
}

static void kill_session(void) {
  const struct timespec pause = {0, 2000000};
  for (int i = 0; i < 500 && kill_session_once() > 0; ++i) nanosleep(&pause, NULL);
}

// Until perfwatt says that it is over.
static void stand_by(const struct pw_start* start, pid_t command) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);  // a command that signals its group means itself
  close_from(0, (unsigned)start->control - 1);
  close_from((unsigned)start->control + 1, UINT_MAX);
  struct pollfd waits[2] = {{start->control, POLLIN, 0}, {-1, POLLIN, 0}};
#ifdef SYS_pidfd_open
  waits[1].fd = (int)syscall(SYS_pidfd_open, command, 0);
#endif
  char over = 0;
  while (poll(waits, 2, -1) <= 0 || !waits[0].revents) {
    if (!waits[1].revents) continue;
    tell(start->control, now());
    waits[1].fd = -1;
    waits[1].revents = 0;
  }
  if (recv(start->control, &over, 1, 0) != 1) kill_session();
}

void pw_start_command(const struct pw_start* start) {
  fcntl(start->control, F_SETFD, FD_CLOEXEC);
  fcntl(start->command, F_SETFD, FD_CLOEXEC);
  setsid();
  const pid_t command = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
  if (command < 0)
    tell(start->control, getpid());  // emulators know no CLONE_PARENT: the command in our place
  if (command <= 0) run(start);
  tell(start->control, command);
  for (char** word = start->argv; *word; ++word) memset(*word, 0, strlen(*word));  // seen by ps and pgrep
  stand_by(start, command);
  _exit(0);
}
