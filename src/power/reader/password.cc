// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/password.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/text.h"
#include "os/descriptor.h"

namespace pw {
namespace {

constexpr char kCtrlC = 3;

constexpr std::size_t kMostBytes = 4096;

Result<> is_private(int fd, const std::string& file) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return fail_errno(Failure::input, "cannot look at", errno, file);
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
    return fail(Failure::input, "the password file is no file", file);
  if (status.st_uid != ::geteuid() && status.st_uid != 0)
    return fail(Failure::input, "the password file is another user's", file,
                "copy it: a file of your own, and chmod 600");
  if ((status.st_mode & (S_IRGRP | S_IROTH | S_IWGRP | S_IWOTH)) != 0)
    return fail(Failure::input, "group or others can read or write the password file", file,
                "chmod 600 " + shell_quoted(file));
  return {};
}

// Up to the end of the first line. A pipe, <(COMMAND) for one, is waited for.
Result<Secret> first_line(int fd, const std::string& file) {
  std::array<char, kMostBytes> bytes;
  std::size_t size = 0;
  ssize_t got = 0;
  ::fcntl(fd, F_SETFL, 0);
  while (size < bytes.size() && (got = ::read(fd, bytes.data() + size, bytes.size() - size)) > 0)
    size += static_cast<std::size_t>(got);
  const int error = errno;
  const std::string_view content(bytes.data(), size);
  Secret password(content.substr(0, content.find_first_of("\r\n")));
  ::explicit_bzero(bytes.data(), bytes.size());
  if (got < 0) return fail_errno(Failure::input, "cannot read", error, file);
  if (password.empty()) return fail(Failure::input, "the password file's first line is empty", file);
  return password;
}

Result<Secret> from_file(const std::string& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!opened) return fail_errno(Failure::input, "cannot open", errno, file);
  if (const Result<> ours = is_private(opened.fd(), file); !ours) return pass_on(ours);
  return first_line(opened.fd(), file);
}

// Ctrl-C ends the line instead of raising a signal, so that the echo is back before we go.
termios silent(termios saved) {
  saved.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
  saved.c_cc[VEOL] = kCtrlC;
  return saved;
}

Result<Secret> from_terminal(int terminal, const std::string& prompt_for) {
  termios saved{};
  if (::tcgetattr(terminal, &saved) != 0)
    return fail_errno(Failure::input, "the terminal cannot be asked for the password", errno, prompt_for);
  const termios asking = silent(saved);
  ::tcsetattr(terminal, TCSAFLUSH, &asking);
  const std::string prompt = "Password for " + prompt_for + ": ";
  (void)!::write(terminal, prompt.data(), prompt.size());
  std::array<char, kMostBytes> typed;
  std::size_t size = 0;
  char c = 0;
  while (::read(terminal, &c, 1) == 1 && c != '\n' && c != kCtrlC)
    if (size < typed.size()) typed[size++] = c;
  Secret password({typed.data(), size});
  ::explicit_bzero(typed.data(), typed.size());
  ::tcsetattr(terminal, TCSAFLUSH, &saved);
  (void)!::write(terminal, "\n", 1);
  if (c != kCtrlC) return password;
  ::raise(SIGINT);
  return fail(Failure::input, "no password was typed", prompt_for);
}

}  // namespace

Result<Secret> bmc_password(const std::string& file, const std::string& prompt_for) {
  if (!file.empty()) return from_file(file);
  if (const std::string_view set = environment_secret("PERFWATT_BMC_PASSWORD"); !set.empty())
    return Secret(set);
  const int terminal = ::isatty(STDIN_FILENO) ? ::open("/dev/tty", O_RDWR | O_CLOEXEC) : -1;
  if (terminal < 0)
    return fail(Failure::input, "no password is given, and there is no terminal to ask on", prompt_for,
                "set PERFWATT_BMC_PASSWORD, name a --bmc-password-file, or run it on a terminal");
  Result<Secret> password = from_terminal(terminal, prompt_for);
  ::close(terminal);
  return password;
}

}  // namespace pw
