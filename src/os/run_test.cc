// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/run.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <cstdlib>

#include "os/command/test_programs.h"
#include "os/file.h"
#include "os/pipe.h"
#include "os/spawn.h"

namespace pw {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using SpawnedProgram = test::RealPrograms;

RunOutput run_shell(const std::string& script, const std::string& directory = {}) {
  return run_program({"sh", "-c", script}, directory).value();
}

TEST(RunProgram, GivesOutputAndStatus) {
  const RunOutput done = run_shell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(done.exit_status, 3);
  EXPECT_EQ(done.out, "out\nerr\n");
  EXPECT_EQ(run_shell("kill -KILL $$").exit_status, 128 + SIGKILL);
}

TEST(RunProgram, ReadsNothingAndStandsWhereItIsTold) {
  const TempFolder folder = TempFolder::make().value();
  EXPECT_EQ(run_shell("cat; readlink /proc/self/fd/0; pwd", folder.path()).out,
            "/dev/null\n" + std::filesystem::canonical(folder.path()).string() + "\n");
}

TEST(RunProgram, GetsNoSecret) {
  ::setenv("PERFWATT_BMC_PASSWORD", "hidden", 1);
  const RunOutput done = run_shell("env");
  ::unsetenv("PERFWATT_BMC_PASSWORD");
  EXPECT_THAT(done.out, HasSubstr("PATH="));
  EXPECT_THAT(done.out, Not(HasSubstr("hidden")));
}

TEST(RunProgram, KeepsTheEndOfMuchOutput) {
  const RunOutput done = run_shell("head -c 300000 /dev/zero | tr '\\0' x; echo end");
  EXPECT_EQ(done.out.size(), 64U * 1024);
  EXPECT_THAT(done.out, EndsWith("xend\n"));
}

// An emulator tells posix_spawn of no exec that failed.
class RunFailure : public test::RealPrograms {};

TEST_F(RunFailure, SaysWhatCannotBeStarted) {
  const auto run = run_program({"no-such-program"});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind, Failure::not_possible);
  EXPECT_EQ(run.error().where, "no-such-program");
  EXPECT_THAT(run.error().what, HasSubstr("No such file"));
  EXPECT_FALSE(run_program({"true"}, "/nonexistent"));
}

TEST_F(RunFailure, FindsNothingInAFolderThatIsNotNamedFromTheRoot) {
  const TempFolder folder = TempFolder::make().value();
  const auto program = folder.path() / "planted-program";
  ASSERT_TRUE(write_file(program, "#!/bin/sh\necho planted\n"));
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const std::string path = ::getenv("PATH"), before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  for (const char* part : {".", "", "./"}) {
    ::setenv("PATH", (std::string(part) + ":" + path).c_str(), 1);
    EXPECT_FALSE(run_program({"planted-program"})) << part;
  }
  ::setenv("PATH", (folder.path().string() + ":" + path).c_str(), 1);
  EXPECT_EQ(run_program({"planted-program"}).value().out, "planted\n");
  ::setenv("PATH", path.c_str(), 1);
  std::filesystem::current_path(before);
}

TEST(OnPath, FindsPrograms) {
  EXPECT_TRUE(on_path("sh"));
  EXPECT_FALSE(on_path("no-such-program"));
}

// Of a program that `options` start, what it writes.
std::string spawned(SpawnOptions options) {
  Pipe pipe = Pipe::open().value();
  options.output = pipe.in.fd();
  const pid_t child = spawn(options).value();
  pipe.in.close();
  std::string text = read_to_end(pipe.out.fd(), 1 << 20);
  EXPECT_EQ(wait_for_end(child), 0);
  return text;
}

TEST(Spawn, ReadsWhatItIsGiven) {
  Pipe input = Pipe::open().value();
  ASSERT_EQ(::write(input.in.fd(), "given\n", 6), 6);
  input.in.close();
  EXPECT_EQ(spawned({.argv = {"cat"}, .input = input.out.fd()}), "given\n");
}

TEST(Spawn, IsInOurGroupUnlessItShallHaveItsOwn) {
  const std::vector<std::string> group = {"sh", "-c", "cut -d' ' -f5 /proc/$$/stat; echo $$"};
  EXPECT_EQ(spawned({.argv = group}).substr(0, 12).find(std::to_string(::getpgrp()) + "\n"), 0U);
  const std::string own = spawned({.argv = group, .own_group = true});
  EXPECT_EQ(own.substr(0, own.find('\n')), own.substr(own.find('\n') + 1, own.find('\n')));
}

TEST_F(SpawnedProgram, HasDefaultSignalsInAGroupOfItsOwn) {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto handler = ::signal(SIGPIPE, SIG_IGN);
  const std::string masks =
      spawned({.argv = {"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}, .own_group = true});
  ::signal(SIGPIPE, handler);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_THAT(masks, HasSubstr("SigBlk:\t0000000000000000\n"));
  const std::string ignored = masks.substr(masks.find("SigIgn:") + 8, 16);
  EXPECT_EQ(std::stoull(ignored, nullptr, 16) >> (SIGPIPE - 1) & 1, 0U);
}

TEST(Pipe, IsClosedByExec) {
  const Pipe pipe = Pipe::open().value();
  for (const int fd : {pipe.out.fd(), pipe.in.fd()}) EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC);
}

TEST(Pipe, GivesItsDescriptorsBack) {
  int first = -1;
  {
    Pipe pipe = Pipe::open().value();
    first = pipe.out.fd();
    pipe.in.close();
    EXPECT_FALSE(pipe.in);
    EXPECT_EQ(read_to_end(pipe.out.fd(), 10), "");
    const Descriptor moved = std::move(pipe.out);
    EXPECT_EQ(moved.fd(), first);
  }
  EXPECT_EQ(::fcntl(first, F_GETFD), -1);
}

TEST(Pipe, SaysWhereNoDescriptorIsLeft) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 0;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto pipe = Pipe::open();
  const auto run = run_program({"true"});
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(pipe.error(), EMFILE);
  EXPECT_THAT(run.error().what, HasSubstr("cannot make a pipe"));
}

TEST(ReadToEnd, KeepsTheLastBytes) {
  Pipe pipe = Pipe::open().value();
  ASSERT_EQ(::write(pipe.in.fd(), "0123456789", 10), 10);
  pipe.in.close();
  EXPECT_EQ(read_to_end(pipe.out.fd(), 4), "6789");
}

TEST(ShellStatus, IsAShells) {
  EXPECT_EQ(shell_status(3 << 8), 3);
  EXPECT_EQ(shell_status(SIGSEGV), 128 + SIGSEGV);
}

}  // namespace
}  // namespace pw
