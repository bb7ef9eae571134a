// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/child.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

#include <cstdlib>

#include "base/text.h"
#include "os/open_files.h"
#include "os/pipe.h"
#include "os/root.h"
#include "os/test_programs.h"

namespace pw {
namespace {

using test::end_of;
using test::output_of;
using test::shell;
using testing::HasSubstr;
using testing::Not;
using ChildProcess = test::RealPrograms;

std::string output_when_run(const ChildOptions& options) {
  Child child = Child::spawn_stopped(options).value();
  EXPECT_TRUE(child.resume());
  std::string text = output_of(child);
  EXPECT_EQ(end_of(child).exit_status, 0);
  return text;
}

std::string output_when_run(const std::string& script) {
  ChildOptions options;
  options.command = shell(script);
  return output_when_run(options);
}

// 'S': it sleeps.
char state_of(pid_t process) {
  const std::string text = Root().text("proc/" + std::to_string(process) + "/stat").value_or("");
  const std::size_t at = text.rfind(") ");
  return at == std::string::npos ? '?' : text[at + 2];
}

TEST_F(ChildProcess, StopsRightBeforeItsExec) {
  Child child = test::spawn_stopped(shell("echo ran"));
  const std::string folder = "/proc/" + std::to_string(child.pid());
  while (state_of(child.pid()) != 'S') ::sched_yield();
  EXPECT_EQ(std::filesystem::read_symlink(folder + "/exe"), program_path());
  EXPECT_FALSE(child.reap());
  char byte = 0;
  EXPECT_EQ(::read(child.output(), &byte, 1), -1);  // nothing yet, and it does not wait
  EXPECT_EQ(errno, EAGAIN);
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(output_of(child), "ran\n");
  EXPECT_EQ(end_of(child).exit_status, 0);
}

TEST_F(ChildProcess, EndsWithTheStatusOfTheCommand) {
  Child child = test::spawn_stopped(shell("echo out; echo err >&2; exit 7"));
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(output_of(child), "out\nerr\n");
  const ChildEnd end = end_of(child);
  EXPECT_EQ(end.exit_status, 7);
  EXPECT_GT(end.usage.ru_maxrss, 0);
  EXPECT_EQ(child.pid(), -1);
  EXPECT_FALSE(child.reap());
}

TEST_F(ChildProcess, ThatASignalEndedHasAShellsStatus) {
  Child child = test::spawn_stopped(shell("kill -TERM $$"));
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(end_of(child).exit_status, 128 + SIGTERM);
}

TEST_F(ChildProcess, SaysWhyItsCommandCannotBeExecuted) {
  Child child = test::spawn_stopped({"/nonexistent/program"});
  const Result<> resumed = child.resume();
  ASSERT_FALSE(resumed);
  EXPECT_EQ(resumed.error().kind, Failure::command);
  EXPECT_EQ(resumed.error().what, "cannot start the command: No such file or directory");
  EXPECT_EQ(child.pid(), -1);  // reaped
  EXPECT_FALSE(child.reap());
}

TEST_F(ChildProcess, SaysWhatToDoWithAFileThatIsNotExecutable) {
  const TempFolder folder = TempFolder::make().value();
  const std::string script = (folder.path() / "script").string();
  ASSERT_TRUE(write_file(script, "echo by a shell\n"));
  Child child = test::spawn_stopped({script});
  const Result<> resumed = child.resume();
  ASSERT_FALSE(resumed);
  EXPECT_THAT(resumed.error().hint, HasSubstr("chmod +x"));
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  ChildOptions options;
  options.command = {script};  // no first line: the C library's exec gives it to a shell
  EXPECT_EQ(output_when_run(options), "by a shell\n");
}

TEST_F(ChildProcess, HasAProcessGroupOfItsOwnWhichIsSignalledWhole) {
  Child child = test::spawn_stopped(shell("sleep 1000 & echo $!; wait"));
  EXPECT_EQ(::getpgid(child.pid()), child.pid());
  ASSERT_TRUE(child.resume());
  const auto grandchild = static_cast<pid_t>(parse_integer(test::line_of(child)).value_or(0));
  ASSERT_GT(grandchild, 0);
  child.signal(SIGKILL);
  EXPECT_EQ(end_of(child).exit_status, 128 + SIGKILL);
  EXPECT_TRUE(test::ends(grandchild));
}

TEST(ChildProgram, DISABLED_ChangesItsGroup) {
  ASSERT_EQ(::setpgid(0, ::getpgid(::getppid())), 0);
  ASSERT_EQ(::write(1, "changed\n", 8), 8);
  while (true) ::pause();
}

TEST_F(ChildProcess, IsSignalledEvenInAnotherGroup) {
  Child child = test::spawn_stopped(test::own_program("ChildProgram.DISABLED_ChangesItsGroup"));
  ASSERT_TRUE(child.resume());
  std::string line;
  while (line != "changed") line = test::line_of(child);
  ASSERT_EQ(::getpgid(child.pid()), ::getpgrp());
  child.signal(SIGKILL);
  EXPECT_EQ(end_of(child).exit_status, 128 + SIGKILL);
}

TEST_F(ChildProcess, IsKilledAndReapedWithItsObject) {
  pid_t stopped = 0, running = 0, elsewhere = 0;
  {
    const Child first = test::spawn_stopped({"sleep", "1000"});
    Child second = test::spawn_stopped({"sleep", "1000"});
    Child third = test::spawn_stopped(test::own_program("ChildProgram.DISABLED_ChangesItsGroup"));
    ASSERT_TRUE(second.resume());
    ASSERT_TRUE(third.resume());
    while (test::line_of(third) != "changed") continue;
    stopped = first.pid(), running = second.pid(), elsewhere = third.pid();
  }
  for (const pid_t process : {stopped, running, elsewhere}) {
    EXPECT_EQ(::kill(process, 0), -1);
    EXPECT_EQ(errno, ESRCH);
  }
}

TEST_F(ChildProcess, ReadsNothing) {
  EXPECT_EQ(output_when_run("readlink /proc/self/fd/0; cat"), "/dev/null\n");
}

TEST_F(ChildProcess, GetsTheEnvironmentButNoSecret) {
  ::setenv("PERFWATT_BMC_PASSWORD", "hidden", 1);
  ::setenv("PERFWATT_DATA_OF_TEST", "seen", 1);
  const std::string variables = output_when_run("env");
  ::unsetenv("PERFWATT_BMC_PASSWORD");
  ::unsetenv("PERFWATT_DATA_OF_TEST");
  EXPECT_THAT(variables, HasSubstr("PERFWATT_DATA_OF_TEST=seen\n"));
  EXPECT_THAT(variables, Not(HasSubstr("hidden")));
}

TEST_F(ChildProcess, HasDefaultSignalsWhateverWeIgnoreOrBlock) {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto handler = ::signal(SIGPIPE, SIG_IGN);
  const std::string masks = output_when_run("grep -E '^Sig(Blk|Ign)' /proc/self/status");
  ::signal(SIGPIPE, handler);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_THAT(masks, HasSubstr("SigBlk:\t0000000000000000\n"));
  const std::string ignored = masks.substr(masks.find("SigIgn:") + 8, 16);
  EXPECT_EQ(std::stoull(ignored, nullptr, 16) >> (SIGPIPE - 1) & 1, 0U);
}

TEST_F(ChildProcess, RunsOnTheGivenCpus) {
  ChildOptions options;
  const int last = CpuSet::usable().cpus().back();
  options.cpus = CpuSet({last});
  options.command = {"grep", "Cpus_allowed_list", "/proc/self/status"};
  EXPECT_EQ(output_when_run(options), "Cpus_allowed_list:\t" + std::to_string(last) + "\n");
}

TEST_F(ChildProcess, CannotRunOnCpusThatAreNotThere) {
  ChildOptions options;
  options.cpus = CpuSet({60'000});
  options.command = {"true"};
  Child child = Child::spawn_stopped(options).value();
  const auto handler = ::signal(SIGPIPE, SIG_IGN);
  EXPECT_THAT(child.resume().error().what, HasSubstr("Invalid argument"));
  ::signal(SIGPIPE, handler);
}

TEST_F(ChildProcess, HasTheLimitOfOpenFilesThatWeHad) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  raise_open_files();
  const std::string limit = output_when_run("ulimit -Sn");
  restore_open_files();
  EXPECT_EQ(limit, std::to_string(before.rlim_cur) + "\n");
}

TEST_F(ChildProcess, RunsAsAnotherUser) {
  if (::getuid() != 0) GTEST_SKIP() << "SKIPPED: only root becomes another user";
  ChildOptions options;
  options.user = find_user("nobody").value();
  options.command = shell("id -u; id -G; echo $HOME $USER $LOGNAME");
  const UserIds& user = *options.user;
  EXPECT_EQ(output_when_run(options), std::to_string(user.uid) + "\n" + std::to_string(user.gid) + "\n" +
                                          user.home + " nobody nobody\n");
}

// A process that starts `command`, resumes it where it shall, tells its number, and dies.
pid_t orphan(bool resumed) {
  Pipe told = Pipe::open().value();
  const pid_t parent = ::fork();
  if (parent == 0) {
    Child child = test::spawn_stopped({"sleep", "1000"});
    if (resumed) (void)child.resume();
    const pid_t number = child.pid();
    (void)!::write(told.in.fd(), &number, sizeof number);
    ::_exit(0);
  }
  pid_t number = 0;
  EXPECT_EQ(::read(told.out.fd(), &number, sizeof number), static_cast<ssize_t>(sizeof number));
  ::waitpid(parent, nullptr, 0);
  return number;
}

TEST_F(ChildProcess, DiesWithItsParent) {
  EXPECT_TRUE(test::ends(orphan(true)));
  EXPECT_TRUE(test::ends(orphan(false)));
}

TEST_F(ChildProcess, NeedsDescriptors) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const Descriptor next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  rlimit few = before;
  few.rlim_cur = static_cast<rlim_t>(next.fd()) + 2;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  ChildOptions options;
  options.command = {"true"};
  const auto child = Child::spawn_stopped(options);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().kind, Failure::measurement);
  EXPECT_EQ(child.error().what, "cannot make a pipe: Too many open files");
}

TEST(FindUser, KnowsThoseThatThereAre) {
  EXPECT_EQ(find_user("root")->uid, 0U);
  EXPECT_EQ(find_user("no-such-user").error().kind, Failure::input);
}

TEST(CheckProgram, TellsWhatIsMissing) {
  EXPECT_TRUE(check_program("sh"));
  EXPECT_TRUE(check_program("/bin/sh"));
  EXPECT_EQ(check_program("no-such-program").error().what, "there is no such program");
  EXPECT_EQ(check_program("/etc/passwd").error().what, "it is not an executable file");
  EXPECT_EQ(check_program("/etc").error().kind, Failure::command);
}

}  // namespace
}  // namespace pw
