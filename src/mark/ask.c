// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "mark/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#define PATIENCE_S 5  // perfwatt answers within some 60 us
#define MOST_INTERRUPTIONS 100000

// Raw calls are no points at which a thread can be cancelled.
static void close_fd(int fd) { syscall(SYS_close, fd); }

union rights {
  struct cmsghdr head;
  char bytes[CMSG_SPACE(sizeof(int) * PW_MOST_GROUPS)];
};

static bool send_ask(int socket, const struct pw_ask* ask, int answer_to) {
  union rights control;
  struct iovec data = {(void*)(uintptr_t)ask, sizeof *ask};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control};
  memset(&control, 0, sizeof control);
  message.msg_controllen = CMSG_SPACE(sizeof(int));
  struct cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(rights), &answer_to, sizeof answer_to);
  return syscall(SYS_sendmsg, socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == (long)sizeof *ask;
}

static uint32_t take_rights(const struct msghdr* message, int* fds) {
  const struct cmsghdr* const rights = CMSG_FIRSTHDR(message);
  if (!rights || rights->cmsg_level != SOL_SOCKET || rights->cmsg_type != SCM_RIGHTS) return 0;
  const size_t came = (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
  memcpy(fds, CMSG_DATA(rights), came * sizeof(int));
  return (uint32_t)came;
}

// How many descriptors came.
static uint32_t receive_answer(int from, struct pw_answer* answer, int* fds) {
  const struct timeval patience = {PATIENCE_S, 0};
  union rights control;
  struct iovec data = {answer, sizeof *answer};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
  setsockopt(from, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  long got = -1;
  for (int i = 0; i < MOST_INTERRUPTIONS && (i == 0 || (got < 0 && errno == EINTR)); ++i) {
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    got = syscall(SYS_recvmsg, from, &message, MSG_CMSG_CLOEXEC);
  }
  const uint32_t came = got < 0 ? 0 : take_rights(&message, fds);
  if (got != (long)sizeof *answer) answer->error = -1;
  return came;
}

// As high as the program's limit allows.
static int raise_number(int fd) {
  static const int lowest[] = {704, 192, 64};
  int raised = -1;
  for (unsigned i = 0; i < sizeof lowest / sizeof *lowest && raised < 0; ++i)
    raised = fcntl(fd, F_DUPFD_CLOEXEC, lowest[i]);
  return raised;
}

static uint32_t ask_at(int socket, const struct pw_ask* ask, const int* ends, int* fds, uint32_t groups,
                       int* error) {
  struct pw_answer answer = {0};
  if (!send_ask(socket, ask, ends[1])) {
    *error = errno;
    return PW_UNCOUNTED_SOCKET;
  }
  close_fd(ends[1]);
  int got[PW_MOST_GROUPS];
  const uint32_t came = receive_answer(ends[0], &answer, got);
  for (uint32_t i = 0; i < came; ++i) {
    if (i < groups) fds[i] = raise_number(got[i]);
    close_fd(got[i]);
  }
  *error = answer.error > 0 ? answer.error : 0;
  if (answer.error < 0) return PW_UNCOUNTED_SILENT;
  bool all = came == groups;
  for (uint32_t i = 0; i < came && i < groups; ++i) all = all && fds[i] >= 0;
  if (all && answer.error == 0) return PW_COUNTED;
  perfwatt_close_counters_(fds, came < groups ? came : groups);
  return PW_UNCOUNTED_REFUSED;
}

bool perfwatt_is_filtered_(void) { return prctl(PR_GET_SECCOMP) != 0; }

static uint32_t ask(int socket, uint64_t stamp, int* fds, uint32_t groups, int* error) {
  const struct pw_ask ask = {stamp, (int32_t)syscall(SYS_gettid), 0};
  int ends[2];
  *error = 0;
  if (perfwatt_is_filtered_()) return PW_UNCOUNTED_FILTER;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    *error = errno;
    return PW_UNCOUNTED_SOCKET;
  }
  const uint32_t why = ask_at(socket, &ask, ends, fds, groups, error);
  if (why == PW_UNCOUNTED_SOCKET) close_fd(ends[1]);
  close_fd(ends[0]);
  return why;
}

uint32_t perfwatt_ask_(int socket, uint64_t stamp, int* fds, uint32_t groups, int* error) {
  const int before = errno;
  const uint32_t why = ask(socket, stamp, fds, groups, error);
  errno = before;
  return why;
}

bool perfwatt_copy_counters_(const int* fds, int* copies, uint32_t groups) {
  const int before = errno;
  uint32_t made = 0;
  while (made < groups && (copies[made] = raise_number(fds[made])) >= 0) ++made;
  if (made < groups) perfwatt_close_counters_(copies, made);
  errno = before;
  return made == groups;
}

// What is another file by now is left open.
void perfwatt_close_counters_(const int* fds, uint32_t groups) {
  const int before = errno;
  for (uint32_t i = 0; i < groups; ++i) {
    uint64_t id = 0;
    if (fds[i] >= 0 && ioctl(fds[i], PERF_EVENT_IOC_ID, &id) == 0) close_fd(fds[i]);
  }
  errno = before;
}
