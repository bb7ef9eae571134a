// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/password.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"

namespace pw {
namespace {

constexpr char kCtrlC = 3;

Result<std::string> from_file(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & (S_IRGRP | S_IROTH)) != 0)
    return fail(Failure::input, "group or others can read the password file", file,
                "chmod 600 " + shell_quoted(file));
  const Result<std::string> content = read_file(file);
  if (!content) return pass_on(content);
  std::string password = content->substr(0, content->find_first_of("\r\n"));
  if (password.empty()) return fail(Failure::input, "the password file's first line is empty", file);
  return password;
}

// Ctrl-C ends the line instead of raising a signal, so that the echo is back before we go.
termios silent(termios saved) {
  saved.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
  saved.c_cc[VEOL] = kCtrlC;
  return saved;
}

Result<std::string> from_terminal(int terminal, const std::string& prompt_for) {
  termios saved{};
  if (::tcgetattr(terminal, &saved) != 0)
    return fail_errno(Failure::input, "the terminal cannot be asked for the password", errno, prompt_for);
  const termios asking = silent(saved);
  ::tcsetattr(terminal, TCSAFLUSH, &asking);
  const std::string prompt = "Password for " + prompt_for + ": ";
  (void)!::write(terminal, prompt.data(), prompt.size());
  std::string password;
  char c = 0;
  while (::read(terminal, &c, 1) == 1 && c != '\n' && c != kCtrlC) password += c;
  ::tcsetattr(terminal, TCSAFLUSH, &saved);
  (void)!::write(terminal, "\n", 1);
  if (c != kCtrlC) return password;
  ::raise(SIGINT);
  return fail(Failure::input, "no password was typed", prompt_for);
}

}  // namespace

Result<std::string> bmc_password(const std::string& file, const std::string& prompt_for) {
  if (!file.empty()) return from_file(file);
  const char* const set = ::getenv("PERFWATT_BMC_PASSWORD");
  if (set && *set) return std::string(set);
  const int terminal = ::isatty(STDIN_FILENO) ? ::open("/dev/tty", O_RDWR | O_CLOEXEC) : -1;
  if (terminal < 0)
    return fail(Failure::input, "no password is given, and there is no terminal to ask on", prompt_for,
                "set PERFWATT_BMC_PASSWORD, name a --bmc-password-file, or run it on a terminal");
  Result<std::string> password = from_terminal(terminal, prompt_for);
  ::close(terminal);
  return password;
}

}  // namespace pw
