// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/meter/exec.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/text.h"
#include "os/environment.h"
#include "power/meter/reader.h"
#include "power/reader/address.h"

namespace pw {
namespace {

constexpr std::size_t kShownCommand = 200;  // of a command, in the recording

// Its standard input is a pipe that ends when perfwatt closes it or dies: then the whole group is killed.
constexpr const char* kGuard =
    "{ /bin/sh -c \"$1\" </dev/null; printf '\\n#exit %s\\n' $?; } & "
    "exec >/dev/null 2>&1; read -r nothing; kill -s KILL 0";

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) ends_[0] = ends_[1] = -1;
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    for (const int end : ends_)
      if (end >= 0) ::close(end);
  }
  bool open() const { return ends_[0] >= 0; }
  int out() const { return ends_[0]; }
  int in() const { return ends_[1]; }
  int take_out() { return std::exchange(ends_[0], -1); }
  int take_in() { return std::exchange(ends_[1], -1); }

 private:
  int ends_[2] = {-1, -1};
};

class ProgramInput : public MeterInput {
 public:
  ProgramInput(pid_t guard, int life, int output) : guard_(guard), life_(life), output_(output) {
    ::fcntl(output_, F_SETFL, O_NONBLOCK);
  }
  ProgramInput(const ProgramInput&) = delete;
  ProgramInput& operator=(const ProgramInput&) = delete;
  ~ProgramInput() override {
    ::close(life_);
    ::close(output_);
    siginfo_t ended{};
    const bool ours = ::waitid(P_PID, static_cast<id_t>(guard_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0;
    if (ours) ::kill(-guard_, SIGKILL);  // it may have been stopped
    while (ours && ::waitpid(guard_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  Came read(char* into, std::size_t size, Nanoseconds wait) override {
    ssize_t got = ::read(output_, into, size);
    const bool nothing = got < 0 && (errno == EAGAIN || errno == EINTR);
    if (nothing && wait.value > 0) {
      pollfd ready{output_, POLLIN, 0};
      ::poll(&ready, 1, static_cast<int>(wait.value / 1'000'000));
      got = ::read(output_, into, size);
    }
    ended_ = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
    return {got > 0 ? static_cast<std::size_t>(got) : 0, nothing};
  }

  bool ended() const override { return ended_; }

 private:
  pid_t guard_;
  int life_;
  int output_;
  bool ended_ = false;
};

// 0, or the errno.
int spawn_guard(const std::string& command, const Pipe& life, const Pipe& output, pid_t& guard) {
  std::vector<std::string> words = {"/bin/sh", "-c", kGuard, "perfwatt-meter", command};
  std::vector<std::string> variables = environment_without_secrets();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, life.out(), 0);
  posix_spawn_file_actions_adddup2(&actions, output.in(), 1);
  posix_spawn_file_actions_adddup2(&actions, output.in(), 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  const int error = ::posix_spawn(&guard, words[0].c_str(), &actions, &attributes, c_strings(words).data(),
                                  c_strings(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// Our copies of its ends of the pipes are closed, so that its end is seen. The error is the errno.
tl::expected<std::unique_ptr<MeterInput>, int> start(const std::string& command) {
  Pipe life, output;
  if (!life.open() || !output.open()) return tl::unexpected(errno);
  pid_t guard = -1;
  if (const int error = spawn_guard(command, life, output, guard); error != 0) return tl::unexpected(error);
  return std::make_unique<ProgramInput>(guard, life.take_in(), output.take_out());
}

}  // namespace

Result<std::unique_ptr<PowerReader>> open_exec(const std::string& command, double rate_hz,
                                               Nanoseconds patience) {
  const std::string address = "exec:" + printable(command.substr(0, kShownCommand));
  if (trim(command).empty())
    return fail(Failure::input, "no command", "exec:", "write exec:COMMAND, last in --power");
  auto input = start(command);
  if (!input)
    return fail_errno(Failure::measurement, "the meter's program cannot be started", input.error(), address);
  auto reader = std::make_unique<MeterReader>("exec", address, rate_hz, std::move(*input));
  if (const Result<> row = reader->wait_for_row(patience); !row) return pass_on(row);
  return reader;
}

namespace {

Result<std::unique_ptr<PowerReader>> open_exec_source(const std::string& address, const PowerRequest&,
                                                      double rate_hz, Nanoseconds patience) {
  return open_exec(path_in(address, ""), rate_hz, patience);
}

}  // namespace

constinit const PowerKind kExecPower = {
    "exec",
    "any other meter: a program that prints `watts` or `time,watts` lines",
    "exec:COMMAND, to the end of the list: its commas are its own",
    10,
    always_usable,
    open_exec_source,
    no_advice,
    PowerKind::Chosen::by_address,
    true};

}  // namespace pw
