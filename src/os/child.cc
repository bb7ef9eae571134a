// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/child.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "os/environment.h"
#include "os/open_files.h"
#include "os/pipe.h"
#include "os/signals.h"
#include "os/thread_tracer.h"

namespace pw {
namespace {

struct Pipes {
  Pipe go, exec_error, output;

  // The error is the errno.
  static tl::expected<Pipes, int> open() {
    Pipes pipes;
    for (Pipe* const pipe : {&pipes.go, &pipes.exec_error, &pipes.output}) {
      auto opened = Pipe::open();
      if (!opened) return tl::unexpected(opened.error());
      *pipe = std::move(*opened);
    }
    return pipes;
  }
};

void set_variable(std::vector<std::string>& variables, const std::string& name, const std::string& value) {
  std::erase_if(variables, [&](const std::string& variable) { return variable.starts_with(name + "="); });
  variables.push_back(name + "=" + value);
}

std::vector<std::string> child_environment(const ChildOptions& options) {
  std::vector<std::string> variables = environment_without_secrets();
  if (options.user) {
    set_variable(variables, "HOME", options.user->home);
    set_variable(variables, "USER", options.user->name);
    set_variable(variables, "LOGNAME", options.user->name);
  }
  return variables;
}

// Only async-signal-safe calls: other threads may have held locks at the fork. Returns the errno of what
// failed.
int become_the_command(const ChildOptions& options, const Pipes& pipes, pid_t parent, char* const* argv,
                       char* const* envp) {
  ::setpgid(0, 0);
  reset_signals();
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0 || ::dup2(nothing, 0) < 0 || ::dup2(pipes.output.in.fd(), 1) < 0 ||
      ::dup2(pipes.output.in.fd(), 2) < 0)
    return errno;
  if (options.cpus)
    if (const int error = options.cpus->pin_this_thread(); error != 0) return error;
  if (const auto& user = options.user) {
    if (::getuid() == 0 && ::setgroups(0, nullptr) != 0) return errno;
    if (::setgid(user->gid) != 0 || ::setuid(user->uid) != 0) return errno;
  }
  // After the change of user, which clears it.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
  if (::getppid() != parent) ::_exit(127);
  restore_open_files();
  char go = 0;
  ::close(pipes.go.in.fd());
  if (::read(pipes.go.out.fd(), &go, 1) != 1) ::_exit(127);
  ::execvpe(argv[0], argv, envp);
  return errno;
}

std::string hint_for_exec(int error) { return error == EACCES ? "is it executable? chmod +x" : ""; }

}  // namespace

Result<Child> Child::spawn_stopped(const ChildOptions& options) {
  auto opened = Pipes::open();
  if (!opened) return fail_errno(Failure::measurement, "cannot make a pipe", opened.error());
  Pipes& pipes = *opened;
  std::vector<std::string> words = options.command;
  std::vector<std::string> variables = child_environment(options);
  const std::vector<char*> argv = c_strings(words);
  const std::vector<char*> envp = c_strings(variables);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return fail_errno(Failure::measurement, "cannot fork", errno);
  if (pid == 0) {
    const int error = become_the_command(options, pipes, parent, argv.data(), envp.data());
    if (::write(pipes.exec_error.in.fd(), &error, sizeof error) < 0) ::_exit(126);
    ::_exit(127);
  }
  ::setpgid(pid, pid);
  ::fcntl(pipes.output.out.fd(), F_SETFL, O_NONBLOCK);
  Child child;
  child.pid_ = pid;
  child.go_ = std::move(pipes.go.in);
  child.exec_error_ = std::move(pipes.exec_error.out);
  child.output_ = std::move(pipes.output.out);
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      go_(std::move(other.go_)),
      exec_error_(std::move(other.exec_error_)),
      output_(std::move(other.output_)) {}

Child::~Child() {
  if (pid_ <= 0) return;
  signal(SIGKILL);
  int status = 0;
  pid_t found = 0;
  do {
    found = ::waitpid(-1, &status, __WALL);
    if (found > 0 && WIFSTOPPED(status))
      ::ptrace(PTRACE_CONT, found, nullptr, nullptr);  // traced, on its way out
  } while (found > 0 ? found != pid_ || WIFSTOPPED(status) : errno == EINTR);
}

Result<> Child::resume() {
  const char go = 1;
  (void)!::write(go_.fd(), &go, 1);
  go_.close();
  // A successful exec closes the other end of the pipe.
  int error = 0;
  ssize_t got = 0;
  do got = ::read(exec_error_.fd(), &error, sizeof error);
  while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(sizeof error)) return {};
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return fail_errno(Failure::command, "cannot start the command", error, "", hint_for_exec(error));
}

std::optional<ChildEnd> Child::reap(ThreadTracer* tracer) {
  int status = 0;
  ChildEnd end;
  pid_t found = 0;
  while (pid_ > 0 && (found = ::wait4(tracer ? -1 : pid_, &status, WNOHANG | __WALL, &end.usage)) > 0) {
    if (WIFSTOPPED(status) && tracer) tracer->stopped(found, status);
    if (WIFSTOPPED(status) || found != pid_) continue;
    pid_ = -1;
    end.exit_status = shell_status(status);
    return end;
  }
  return std::nullopt;
}

void Child::signal(int number) const {
  if (pid_ <= 0) return;
  ::kill(-pid_, number);
  if (::getpgid(pid_) != pid_) ::kill(pid_, number);  // it has gone into another group
}

}  // namespace pw
