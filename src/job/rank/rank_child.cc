// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank/rank_child.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "os/command/program.h"
#include "os/given.h"
#include "os/pipe.h"
#include "os/signals.h"
#include "os/spawn.h"

namespace pw {
namespace {

// Between fork and exec: system calls only.
[[noreturn]] void become_command(char* const* words, pid_t parent, const Pipe& go, const Pipe& failed) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  char byte = 0;
  if (::getppid() != parent) ::_exit(127);
  ::close(go.in.fd());
  while (::read(go.out.fd(), &byte, 1) < 0 && errno == EINTR) {
  }
  if (byte == 0) ::_exit(127);
  close_own_descriptors_on_exec({});
  restore_signals();
  ::execvp(words[0], words);
  const int error = errno;
  (void)!::write(failed.in.fd(), &error, sizeof error);
  ::_exit(127);
}

}  // namespace

Result<RankChild> RankChild::start(std::vector<std::string> command) {
  hear_of_children();
  block_signals();
  auto go = Pipe::open(), failed = Pipe::open();
  if (!go || !failed)
    return fail_errno(Failure::measurement, "cannot make a pipe", (go ? failed : go).error());
  const std::vector<char*> words = c_strings(command);
  const pid_t parent = ::getpid();
  RankChild child;
  child.pid_ = ::fork();
  if (child.pid_ < 0) return fail_errno(Failure::measurement, "cannot fork", errno);
  if (child.pid_ == 0) become_command(words.data(), parent, *go, *failed);
  close_given_descriptors();
  child.program_ = command.front();
  child.go_ = std::move(go->in);
  child.failed_ = std::move(failed->out);
  return child;
}

RankChild::RankChild(RankChild&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      program_(std::move(other.program_)),
      go_(std::move(other.go_)),
      failed_(std::move(other.failed_)) {}

RankChild::~RankChild() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<> RankChild::go() {
  const char byte = 1;
  (void)!::write(go_.fd(), &byte, 1);
  go_.close();
  int error = 0;
  ssize_t got = 0;
  do got = ::read(failed_.fd(), &error, sizeof error);
  while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(sizeof error)) return {};
  return cannot_start(program_, error, std::nullopt);
}

int RankChild::next_signal(std::optional<Nanoseconds> patience) {
  sigset_t all;
  sigfillset(&all);
  constexpr std::int64_t kSecond = 1'000'000'000;
  const Nanoseconds most = patience.value_or(Nanoseconds{});
  const timespec time = {static_cast<time_t>(most.value / kSecond), static_cast<long>(most.value % kSecond)};
  while (true) {
    const int number = patience ? ::sigtimedwait(&all, nullptr, &time) : ::sigwaitinfo(&all, nullptr);
    if (number > 0) return number;
    if (errno == EAGAIN) return 0;
  }
}

std::optional<RankChildEnd> RankChild::reap() {
  RankChildEnd end;
  if (::wait4(pid_, &end.wait_status, WNOHANG, &end.usage) != pid_) return std::nullopt;
  pid_ = -1;
  return end;
}

bool is_last_warning(int number) {
  constexpr std::array kAll = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGXCPU, SIGUSR1, SIGUSR2};
  return std::ranges::count(kAll, number) > 0;
}

void block_signals() {
  sigset_t all;
  sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, nullptr);
}

int end_as(int wait_status) {
  if (!WIFSIGNALED(wait_status)) return WEXITSTATUS(wait_status);
  const rlimit none = {0, 0};  // its core was dumped, where one was wanted
  ::setrlimit(RLIMIT_CORE, &none);
  const int number = WTERMSIG(wait_status);
  ::signal(number, SIG_DFL);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, number);
  ::kill(::getpid(), number);
  ::sigprocmask(SIG_UNBLOCK, &one, nullptr);
  return 128 + number;
}

}  // namespace pw
