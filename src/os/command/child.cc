// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/command/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "os/clock.h"
#include "os/command/descendants.h"
#include "os/command/program.h"
#include "os/command/thread_tracer.h"
#include "os/pipe.h"
#include "os/secret.h"
#include "os/signals.h"
#include "os/spawn.h"

namespace pw {
namespace {

constexpr int kPipeBytes = 1 << 20;                  // fewer turns for both sides
constexpr Nanoseconds kLookAgain{1'000'000};         // at what is about to end
constexpr Nanoseconds kLongestDying{5'000'000'000};  // of a process that was killed

void set_variable(std::vector<std::string>& variables, const std::string& name, const std::string& value) {
  std::erase_if(variables, [&](const std::string& variable) { return variable.starts_with(name + "="); });
  variables.push_back(name + "=" + value);
}

// As runuser(1) sets them, and what is asked for.
std::vector<std::string> environment_for(const ChildOptions& options) {
  const std::optional<UserIds>& user = options.user;
  std::vector<std::string> variables = environment_without_secrets();
  for (const std::string& one : options.variables)
    set_variable(variables, one.substr(0, one.find('=')), one.substr(one.find('=') + 1));
  if (!user) return variables;
  set_variable(variables, "HOME", user->home);
  set_variable(variables, "SHELL", user->shell);
  set_variable(variables, "USER", user->name);
  set_variable(variables, "LOGNAME", user->name);
  return variables;
}

std::string user_text(const std::optional<UserIds>& user) {
  if (!user) return "";
  std::string text = std::to_string(user->uid) + " " + std::to_string(user->gid);
  for (const gid_t group : user->groups) text += " " + std::to_string(group);
  return text;
}

Result<Descriptor> open_input(const ChildOptions& options) {
  if (options.input_at) ::lseek(STDIN_FILENO, *options.input_at, SEEK_SET);
  const bool ours = options.input == "-";
  const char* const path = options.input.empty() ? "/dev/null" : options.input.c_str();
  Descriptor input(ours ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
                        : ::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (input) return input;
  return fail_errno(Failure::command, "its standard input cannot be read", errno,
                    options.input.empty() ? path : "--input " + options.input,
                    "it was there before the first execution");
}

bool out_of_means(int error) {
  return error == EMFILE || error == ENFILE || error == EAGAIN || error == ENOMEM;
}

// Tries again until it is true or the time is over.
template <typename Done>
bool wait_until(Nanoseconds patience, const Done& done) {
  const Nanoseconds last = monotonic_now() + patience;
  while (!done()) {
    if (monotonic_now() >= last) return false;
    std::this_thread::sleep_for(std::chrono::nanoseconds(kLookAgain.value));
  }
  return true;
}

// In a fork: system calls only. No signal of the terminal's reaches it, and it holds nothing else open.
[[noreturn]] void read_for_ever(int fd) {
  sigset_t all;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  ::setpgid(0, 0);
  ::prctl(PR_SET_NAME, "perfwatt-reader");
  ::dup2(fd, 0);
  ::closefrom(1);
  static char buffer[65536];
  pollfd more = {0, POLLIN, 0};
  for (ssize_t got = 1; got > 0 || (got < 0 && errno == EAGAIN); got = ::read(0, buffer, sizeof buffer))
    ::poll(&more, 1, -1);
  ::_exit(0);
}

}  // namespace

Result<Child> Child::spawn_stopped(const ChildOptions& options) {
  hear_of_children();
  adopt_orphans();
  auto pipe = Pipe::open();
  if (!pipe) return fail_errno(Failure::measurement, "cannot make a pipe", pipe.error());
  const Result<Descriptor> input = open_input(options);
  if (!input) return pass_on(input);
  ::fcntl(pipe->out.fd(), F_SETFL, O_NONBLOCK);
  ::fcntl(pipe->out.fd(), F_SETPIPE_SZ, kPipeBytes);
  Child child;
  child.before_ = adopted_children({});
  auto started = Started::start({options.command, environment_for(options), user_text(options.user),
                                 options.cpus, input->fd(), pipe->in.fd(), options.handed});
  if (!started && out_of_means(started.error()))
    return fail_errno(Failure::measurement, "cannot fork", started.error());
  if (!started) return cannot_start(options.command.front(), started.error(), options.user);
  child.pid_ = started->command();
  child.started_ = std::move(*started);
  child.output_ = std::move(pipe->out);
  child.program_ = options.command.front();
  child.user_ = options.user;
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      started_(std::move(other.started_)),
      output_(std::move(other.output_)),
      before_(std::move(other.before_)),
      program_(std::move(other.program_)),
      user_(std::move(other.user_)),
      given_(std::move(other.given_)),
      traced_(other.traced_) {}

Child::~Child() {
  if (pid_ <= 0) return;
  signal(SIGKILL);
  wait_until(kLongestDying, [this] {
    int status = 0;
    const pid_t found = ::waitpid(traced_ ? -1 : pid_, &status, __WALL | WNOHANG);
    if (found > 0 && WIFSTOPPED(status)) ::ptrace(PTRACE_CONT, found, nullptr, nullptr);  // on its way out
    return found == pid_ ? !WIFSTOPPED(status) : found < 0 && errno == ECHILD;
  });
  pid_ = -1;
  kill_left({}, kLongestDying);
}

Result<Nanoseconds> Child::resume() {
  const auto begin = started_.go(given_);
  if (begin) return *begin;
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return cannot_start(program_, begin.error(), user_);
}

std::optional<ChildEnd> Child::reap(ThreadTracer* tracer) {
  int status = 0;
  ChildEnd end;
  pid_t found = 0;
  traced_ = tracer != nullptr;
  while (pid_ > 0 && (found = ::wait4(tracer ? -1 : pid_, &status, WNOHANG | __WALL, &end.usage)) > 0) {
    if (WIFSTOPPED(status) && tracer) tracer->stopped(found, status);
    if (found == started_.starter()) started_.forget_starter();
    if (WIFSTOPPED(status) || found != pid_) continue;
    pid_ = -1;
    end.exit_status = shell_status(status);
    end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    end.time = started_.ended();
    started_.take_off(end.usage);
    started_ = Started();
    return end;
  }
  return std::nullopt;
}

std::vector<pid_t> Child::left() const {
  std::vector<pid_t> known = before_;
  known.push_back(pid_);
  known.push_back(started_.starter());
  return adopted_children(known);
}

void Child::signal(int number) const {
  std::vector<pid_t> all = left();
  if (pid_ > 0) all.insert(all.begin(), pid_);
  for (const pid_t one : with_descendants(std::move(all))) ::kill(one, number);
}

std::vector<pid_t> Child::left_after(Nanoseconds patience) const {
  std::vector<pid_t> all;
  wait_until(patience, [&] { return (all = left()).empty(); });
  return all;
}

void Child::read_on() const {
  if (::fork() == 0) read_for_ever(output_.fd());
}

bool Child::kill_left(Nanoseconds grace, Nanoseconds patience) const {
  if (left_after(grace).empty()) return true;
  return wait_until(patience, [this] {
    signal(SIGKILL);
    return left().empty();
  });
}

}  // namespace pw
