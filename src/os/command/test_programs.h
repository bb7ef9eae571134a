// SPDX-License-Identifier: GPL-3.0-or-later
// For tests: real small programs, and waits for them that end with them.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#include "os/command/child.h"
#include "os/descriptor.h"
#include "os/file.h"
#include "os/run.h"

namespace pw::test {

// A command that runs one of this test program's own DISABLED_ tests. Leaks are not looked for: where the
// address sanitizer does, it needs a thread more, and ptrace for itself.
inline std::vector<std::string> own_program(const std::string& name) {
  return {"env", "ASAN_OPTIONS=detect_leaks=0", program_path().string(), "--gtest_also_run_disabled_tests",
          "--gtest_filter=" + name};
}

// Under qemu-user the programs that we start run without it, and differ from us in more than their
// instructions.
class RealPrograms : public testing::Test {
 protected:
  void SetUp() override {
    static const bool emulated =
        run_program({program_path().string(), "--gtest_list_tests"}).value().exit_status != 0;
    if (emulated) GTEST_SKIP() << "SKIPPED: an emulator runs this program, and cannot start it again";
  }
};

inline std::vector<std::string> shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

inline Child spawn_stopped(std::vector<std::string> command) {
  ChildOptions options;
  options.command = std::move(command);
  return Child::spawn_stopped(options).value();
}

// What it writes until it and all that it started have closed their ends.
inline std::string output_of(const Child& child) {
  std::string text;
  char buffer[4096];
  while (true) {
    pollfd ready = {child.output(), POLLIN, 0};
    ::poll(&ready, 1, -1);
    const ssize_t got = ::read(child.output(), buffer, sizeof buffer);
    if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return text;
  }
}

inline std::string line_of(const Child& child) {
  std::string text;
  while (!text.ends_with('\n')) {
    char byte = 0;
    pollfd ready = {child.output(), POLLIN, 0};
    ::poll(&ready, 1, -1);
    const ssize_t got = ::read(child.output(), &byte, 1);
    if (got == 0) break;
    if (got == 1) text += byte;
  }
  return text.substr(0, text.find('\n'));
}

// Waits for its end, and tells `tracer` of every stop on the way.
inline ChildEnd end_of(Child& child, ThreadTracer* tracer = nullptr) {
  while (true) {
    siginfo_t info{};
    const auto whose = tracer ? P_ALL : P_PID;
    const int waited = ::waitid(whose, static_cast<id_t>(child.pid()), &info,
                                WEXITED | (tracer ? WSTOPPED : 0) | WNOWAIT | __WALL);
    if (waited != 0 && errno != EINTR) {
      ADD_FAILURE() << "no child is left to wait for";
      return {};
    }
    if (const auto end = child.reap(tracer)) return *end;
  }
}

// Whether `process`, which need not be a child of ours, ends within 20 s.
inline bool ends(pid_t process) {
  const Descriptor process_fd(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
  if (!process_fd) return errno == ESRCH;
  pollfd end = {process_fd.fd(), POLLIN, 0};
  return ::poll(&end, 1, 20'000) == 1;
}

}  // namespace pw::test
