// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/exit_status.h"

#include <iterator>

namespace pw {
namespace {

// Numbers of Linux on x86, POWER and ARM, from 1 on: the recording's machine need not be this one.
constexpr const char* kSignals[] = {
    "SIGHUP",  "SIGINT",    "SIGQUIT", "SIGILL",   "SIGTRAP", "SIGABRT", "SIGBUS",  "SIGFPE",
    "SIGKILL", "SIGUSR1",   "SIGSEGV", "SIGUSR2",  "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT",
    "SIGCHLD", "SIGCONT",   "SIGSTOP", "SIGTSTP",  "SIGTTIN", "SIGTTOU", "SIGURG",  "SIGXCPU",
    "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO",   "SIGPWR",  "SIGSYS"};

constexpr int kFirstRealTime = 34, kLastRealTime = 64;
constexpr int kBySignal = 128;

bool named(int number) {
  return (number >= 1 && number <= static_cast<int>(std::size(kSignals))) ||
         (number >= kFirstRealTime && number <= kLastRealTime);
}

}  // namespace

std::string signal_name(int number) {
  if (!named(number)) return "signal " + std::to_string(number);
  if (number < kFirstRealTime) return kSignals[number - 1];
  const int above = number - kFirstRealTime;
  return above == 0 ? "SIGRTMIN" : "SIGRTMIN+" + std::to_string(above);
}

std::string exit_text(int status, int signal) {
  const std::string text = "exit status " + std::to_string(status);
  if (signal != 0) return text + " (" + signal_name(signal) + ")";
  return named(status - kBySignal) ? text + " (128 + " + signal_name(status - kBySignal) + ")" : text;
}

}  // namespace pw
