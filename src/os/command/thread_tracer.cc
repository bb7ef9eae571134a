// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/command/thread_tracer.h"

#include <sys/ptrace.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace pw {
namespace {

constexpr long kOptions =
    PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL;

void* word(long value) { return reinterpret_cast<void*>(value); }

void go_on(pid_t thread, int signal) { ::ptrace(PTRACE_CONT, thread, nullptr, word(signal)); }

bool stops_a_group(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

}  // namespace

tl::expected<ThreadTracer, int> ThreadTracer::attach(pid_t process, Events events) {
  if (::ptrace(PTRACE_SEIZE, process, nullptr, word(kOptions)) != 0) return tl::unexpected(errno);
  ThreadTracer tracer(std::move(events));
  tracer.seen_.insert(process);
  tracer.events_.born(process);
  return tracer;
}

ThreadTracer::~ThreadTracer() {
  for (const pid_t thread : seen_) {
    int status = 0;
    if (::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr) != 0) continue;
    if (::waitpid(thread, &status, __WALL) != thread || !WIFSTOPPED(status)) continue;
    ::ptrace(PTRACE_DETACH, thread, nullptr, word(status >> 16 == 0 ? WSTOPSIG(status) : 0));
  }
}

void ThreadTracer::stopped(pid_t thread, int status) {
  const int signal = WSTOPSIG(status);
  const int event = status >> 16;
  if (event == PTRACE_EVENT_STOP && stops_a_group(signal)) {
    ::ptrace(PTRACE_LISTEN, thread, nullptr, nullptr);
    return;
  }
  if (event == PTRACE_EVENT_STOP && seen_.insert(thread).second) events_.born(thread);
  if (event == PTRACE_EVENT_EXIT) {
    seen_.erase(thread);
    events_.ended(thread);
  }
  go_on(thread, event == 0 ? signal : 0);
}

}  // namespace pw
