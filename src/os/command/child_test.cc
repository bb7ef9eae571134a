// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/command/child.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "base/text.h"
#include "os/clock.h"
#include "os/command/open_files.h"
#include "os/command/test_programs.h"
#include "os/pipe.h"
#include "os/root.h"
#include "os/signals.h"

namespace pw {
namespace {

using test::end_of;
using test::output_of;
using test::shell;
using testing::HasSubstr;
using testing::Not;
using ChildProcess = test::RealPrograms;

constexpr Nanoseconds kPatience{20'000'000'000};

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
  EXPECT_THAT(Root().text(folder + "/comm").value_or(""), testing::StartsWith("perfwatt-start"));
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
  const auto resumed = child.resume();
  ASSERT_FALSE(resumed);
  EXPECT_EQ(resumed.error().kind, Failure::command);
  EXPECT_EQ(resumed.error().what, "there is no such file");
  EXPECT_EQ(child.pid(), -1);  // reaped
  EXPECT_FALSE(child.reap());
}

TEST_F(ChildProcess, SaysWhatToDoWithAFileThatIsNotExecutable) {
  const TempFolder folder = TempFolder::make().value();
  const std::string script = (folder.path() / "script").string();
  ASSERT_TRUE(write_file(script, "echo by a shell\n"));
  Child child = test::spawn_stopped({script});
  const auto resumed = child.resume();
  ASSERT_FALSE(resumed);
  EXPECT_THAT(resumed.error().hint, HasSubstr("chmod +x"));
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  ChildOptions options;
  options.command = {script};  // no first line: the C library's exec gives it to a shell
  EXPECT_EQ(output_when_run(options), "by a shell\n");
}

pid_t number_from(const Child& child) {
  return static_cast<pid_t>(parse_integer(test::line_of(child)).value_or(0));
}

TEST_F(ChildProcess, IsSignalledWithAllThatItStarted) {
  Child child = test::spawn_stopped(shell("sleep 1000 & echo $!; setsid sleep 1000 & echo $!; wait"));
  ASSERT_TRUE(child.resume());
  const pid_t same = number_from(child), other = number_from(child);
  while (::getsid(other) != other) ::sched_yield();
  ASSERT_GT(same, 0);
  child.signal(SIGKILL);
  EXPECT_EQ(end_of(child).exit_status, 128 + SIGKILL);
  EXPECT_TRUE(test::ends(same));
  EXPECT_TRUE(test::ends(other));
  EXPECT_TRUE(child.kill_left({}, kPatience));
}

// With a terminal on a descriptor of ours, too.
TEST_F(ChildProcess, IsAMemberOfASessionWithoutATerminalAndNotItsLeader) {
  Child child = test::spawn_stopped(shell("echo $$; sh -c ': </dev/tty' 2>&1; setsid sh -c 'echo $$'; :"));
  EXPECT_NE(::getsid(child.pid()), ::getsid(0));
  EXPECT_NE(::getsid(child.pid()), child.pid());
  EXPECT_NE(::getpgid(child.pid()), child.pid());
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(number_from(child), child.pid());
  EXPECT_THAT(test::line_of(child), HasSubstr("/dev/tty"));
  EXPECT_GT(number_from(child), 0);
  EXPECT_EQ(end_of(child).exit_status, 0);
}

TEST_F(ChildProcess, IsNotEndedByASignalToItsOwnGroup) {
  EXPECT_EQ(output_when_run("trap 'echo trapped; exit 0' TERM; kill -TERM 0; sleep 1"), "trapped\n");
}

TEST_F(ChildProcess, LeavesWhatIsFoundAndEnded) {
  Child child = test::spawn_stopped(
      shell("(setsid sh -c 'sleep 1000 & echo $!; wait' >&2 &) ; (sleep 1000 & echo $!)"));
  ASSERT_TRUE(child.resume());
  const pid_t one = number_from(child), two = number_from(child);
  EXPECT_EQ(end_of(child).exit_status, 0);
  EXPECT_EQ(child.left().size(), 2U);
  {
    const Child next = test::spawn_stopped({"true"});
    EXPECT_TRUE(next.met_others());
    EXPECT_TRUE(next.left().empty());  // it was there before
  }
  EXPECT_TRUE(child.kill_left({}, kPatience));
  EXPECT_TRUE(test::ends(one));
  EXPECT_TRUE(test::ends(two));
  EXPECT_FALSE(test::spawn_stopped({"true"}).met_others());
}

TEST_F(ChildProcess, LeavesWhatEndsByItself) {
  const TempFolder folder = TempFolder::make().value();
  const std::string fifo = (folder.path() / "fifo").string();
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  Child child = test::spawn_stopped(shell("(read line <" + fifo + " &)"));
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(end_of(child).exit_status, 0);
  EXPECT_EQ(child.left().size(), 1U);
  std::ofstream(fifo) << "go\n";
  EXPECT_TRUE(child.left_after(kPatience).empty());
}

TEST_F(ChildProcess, TellsWhenItWasExecutedAndWhenItEndedHoweverLateWeLook) {
  Child child = test::spawn_stopped({"true"});
  const Nanoseconds before = monotonic_now();
  const Nanoseconds begin = child.resume().value();
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child.pid()), &info, WEXITED | WNOWAIT), 0);
  ::usleep(1'000'000);  // the starter looks meanwhile
  const Nanoseconds late = monotonic_now();
  const ChildEnd end = child.reap().value();
  EXPECT_GE(begin, before);
  ASSERT_TRUE(end.time);
  EXPECT_GT(*end.time, begin);
  EXPECT_LT(*end.time, late);
}

TEST_F(ChildProcess, WhoseStarterWasKilledStillEnds) {
  Child child = test::spawn_stopped(shell("trap '' TERM; kill -KILL 0"));
  ASSERT_TRUE(child.resume());
  const ChildEnd end = end_of(child);
  EXPECT_EQ(end.exit_status, 128 + SIGKILL);
}

// perfwatt's own memory is no part of it.
TEST_F(ChildProcess, StartsInLittleMemory) {
  const std::vector<char> much(64 << 20, 'x');
  Child child = test::spawn_stopped({"true"});
  ASSERT_TRUE(child.resume());
  EXPECT_LT(end_of(child).usage.ru_maxrss, 16 << 10);
  EXPECT_EQ(much.back(), 'x');
}

TEST(ChildProgram, DISABLED_ChangesItsSession) {
  ASSERT_GT(::setsid(), 0);
  ASSERT_EQ(::write(1, "changed\n", 8), 8);
  while (true) ::pause();
}

TEST_F(ChildProcess, IsSignalledEvenInAnotherSession) {
  Child child = test::spawn_stopped(test::own_program("ChildProgram.DISABLED_ChangesItsSession"));
  ASSERT_TRUE(child.resume());
  std::string line;
  while (line != "changed") line = test::line_of(child);
  ASSERT_EQ(::getsid(child.pid()), child.pid());
  child.signal(SIGKILL);
  EXPECT_EQ(end_of(child).exit_status, 128 + SIGKILL);
}

TEST_F(ChildProcess, IsKilledAndReapedWithItsObject) {
  pid_t stopped = 0, running = 0, elsewhere = 0;
  {
    const Child first = test::spawn_stopped({"sleep", "1000"});
    Child second = test::spawn_stopped({"sleep", "1000"});
    Child third = test::spawn_stopped(test::own_program("ChildProgram.DISABLED_ChangesItsSession"));
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

std::string read_when_given(const std::string& input, std::optional<off_t> at = std::nullopt) {
  ChildOptions options;
  options.command = {"cat"};
  options.input = input;
  options.input_at = at;
  return output_when_run(options);
}

TEST_F(ChildProcess, ReadsTheFileThatItIsGivenEachTimeFromItsBegin) {
  const TempFolder folder = TempFolder::make().value();
  const std::string file = (folder.path() / "input").string();
  ASSERT_TRUE(write_file(file, "header text"));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(read_when_given(file), "header text");
  const Descriptor ours(::dup(0)), opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::dup2(opened.fd(), 0), 0);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(read_when_given("-", 7), "text");
  ::dup2(ours.fd(), 0);
  ChildOptions options;
  options.command = {"cat"};
  options.input = (folder.path() / "missing").string();
  EXPECT_EQ(Child::spawn_stopped(options).error().kind, Failure::command);
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

// What /proc says of a command's signals, where this program runs it and was started with these ignored.
std::string signals_where_ignored(const std::string& names) {
  std::vector<std::string> words = test::own_program("ChildProgram.DISABLED_ShowsSignals");
  if (!names.empty()) words.insert(words.begin() + 1, "--ignore-signal=" + names);  // env's
  return run_program(words).value().out;
}

unsigned long long mask_in(const std::string& text, const std::string& name) {
  constexpr unsigned long long kPortable = 0x7fffffff;  // the C library has 32 and 33 for itself
  return std::stoull(text.substr(text.find(name) + name.size() + 2, 16), nullptr, 16) & kPortable;
}

TEST(ChildProgram, DISABLED_ShowsSignals) {
  const SignalQueue signals;  // blocks and ignores some of its own
  ChildOptions options;
  options.command = {"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"};
  std::puts(output_when_run(options).c_str());
}

TEST_F(ChildProcess, HasTheSignalsThatWeWereStartedWith) {
  const std::string plain = signals_where_ignored("");
  EXPECT_EQ(mask_in(plain, "SigBlk"), 0U);
  EXPECT_EQ(mask_in(plain, "SigIgn"), 0U);
  unsigned long long expected = 0;
  for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGUSR1}) expected |= 1ULL << (number - 1);
  EXPECT_EQ(mask_in(signals_where_ignored("HUP,INT,QUIT,PIPE,USR1"), "SigIgn"), expected);
  EXPECT_EQ(mask_in(signals_where_ignored("CHLD"), "SigIgn"), 1ULL << (SIGCHLD - 1));  // and it ends
}

TEST_F(ChildProcess, HasTheDescriptorsThatWeWereGivenAndNoneOfOurs) {
  std::vector<std::string> words = test::own_program("ChildProgram.DISABLED_ShowsDescriptors");
  words.insert(words.begin(), {"sh", "-c", "exec 7</dev/null; exec \"$@\"", "sh"});
  const std::string out = run_program(words).value().out;
  EXPECT_THAT(out, HasSubstr(" 7 "));
  const std::size_t own = out.find("own ");
  ASSERT_NE(own, std::string::npos) << out;
  EXPECT_THAT(out.substr(0, own),
              Not(HasSubstr(" " + out.substr(own + 4, out.find(' ', own + 4) - own - 4) + " ")));
}

TEST(ChildProgram, DISABLED_ShowsDescriptors) {
  const Descriptor leaking(::open("/dev/null", O_RDONLY));  // as a library might
  ASSERT_GT(leaking.fd(), 2);
  const std::string list =
      output_when_run("cd /proc/$$/fd; for f in *; do [ -e $f ] && printf ' %s ' $f; done");
  std::printf("%s own %d \n", list.c_str(), leaking.fd());
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
  const auto child = Child::spawn_stopped(options);
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().kind, Failure::command);
  EXPECT_THAT(child.error().what, HasSubstr("Invalid argument"));
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
  options.command = shell("id -u; id -G; echo $HOME $USER $LOGNAME $SHELL");
  UserIds& user = *options.user;
  EXPECT_EQ(user.groups, std::vector<gid_t>{user.gid});
  user.groups.push_back(user.gid - 1);  // as of a member of two groups
  EXPECT_EQ(output_when_run(options), std::to_string(user.uid) + "\n" + std::to_string(user.gid) + " " +
                                          std::to_string(user.gid - 1) + "\n" + user.home +
                                          " nobody nobody " + user.shell + "\n");
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

}  // namespace
}  // namespace pw
