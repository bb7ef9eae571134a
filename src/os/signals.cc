// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/signals.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace pw {
namespace {

struct SignalsAtStart {
  sigset_t ignored{}, blocked{};

  SignalsAtStart() {
    sigemptyset(&ignored);
    for (int number = 1; number < NSIG; ++number) {
      struct sigaction action {};
      if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN)
        sigaddset(&ignored, number);
    }
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  }
};

const SignalsAtStart at_start;

}  // namespace

bool ignored_at_start(int number) { return sigismember(&at_start.ignored, number) == 1; }

void full_files_are_errors() { ::signal(SIGXFSZ, SIG_IGN); }

void hear_of_children() { ::signal(SIGCHLD, SIG_DFL); }

SignalQueue::SignalQueue() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&set, number);
  for (const int number : {SIGHUP, SIGTSTP})
    if (!ignored_at_start(number)) sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  hear_of_children();
  ::signal(SIGPIPE, SIG_IGN);
  full_files_are_errors();
  fd_ = Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

std::optional<int> SignalQueue::take() const {
  signalfd_siginfo info{};
  while (::read(fd(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    const auto number = static_cast<int>(info.ssi_signo);
    if (number == SIGINT && info.ssi_code == SI_KERNEL && ignored_at_start(SIGINT)) continue;
    return number;
  }
  return std::nullopt;
}

void restore_signals() {
  for (int number = 1; number < NSIG; ++number) {
    const bool ignored = ignored_at_start(number);
    struct sigaction action {};
    if (::sigaction(number, nullptr, &action) == 0 && (action.sa_handler == SIG_IGN) != ignored)
      ::signal(number, ignored ? SIG_IGN : SIG_DFL);
  }
  pthread_sigmask(SIG_SETMASK, &at_start.blocked, nullptr);
}

}  // namespace pw
