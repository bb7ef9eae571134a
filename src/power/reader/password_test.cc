// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/password.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/file.h"

namespace pw {
namespace {

using testing::HasSubstr;

class Password : public testing::Test {
 protected:
  void SetUp() override {
    ::unsetenv("PERFWATT_BMC_PASSWORD");
    forget_environment_secrets();
    folder_.emplace(TempFolder::make().value());
  }
  void TearDown() override { ::unsetenv("PERFWATT_BMC_PASSWORD"); }

  std::string file(const std::string& content, mode_t mode) {
    const std::string path = (folder_->path() / "it's the password").string();
    EXPECT_TRUE(write_file(path, content));
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
  }

  std::optional<TempFolder> folder_;
};

TEST_F(Password, OutOfTheEnvironment) {
  ::setenv("PERFWATT_BMC_PASSWORD", "per watt", 1);
  EXPECT_EQ(bmc_password("", "x").value().view(), "per watt");
}

TEST_F(Password, TheFileComesFirstAndLosesItsNewline) {
  ::setenv("PERFWATT_BMC_PASSWORD", "other", 1);
  EXPECT_EQ(bmc_password(file("se cret\n", 0600), "x").value().view(), "se cret");
  EXPECT_EQ(bmc_password(file("secret\r\n", 0400), "x").value().view(), "secret");
  EXPECT_EQ(bmc_password(file("secret", 0600), "x").value().view(), "secret");
}

TEST_F(Password, AFileThatOthersCanReadOrWriteIsRefusedWithTheCommandThatMendsIt) {
  for (const mode_t mode : {0640U, 0604U, 0644U, 0620U, 0602U}) {
    const Result<Secret> password = bmc_password(file("secret\n", mode), "x");
    ASSERT_FALSE(password);
    EXPECT_EQ(password.error().kind, Failure::input);
    EXPECT_THAT(password.error().hint, HasSubstr("chmod 600 '"));
    EXPECT_THAT(password.error().hint, HasSubstr("it'\\''s the password'"));
  }
}

TEST_F(Password, AnotherUsersFileIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  const std::string theirs = file("secret\n", 0600);
  ASSERT_EQ(::chown(theirs.c_str(), 65534, 65534), 0);
  const Result<Secret> password = bmc_password(theirs, "x");
  ASSERT_FALSE(password);
  EXPECT_THAT(password.error().what, HasSubstr("another user's"));
}

TEST_F(Password, APipeIsReadAndADeviceIsNot) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_EQ(::write(ends[1], "secret\n", 7), 7);
  ::close(ends[1]);
  EXPECT_EQ(bmc_password("/proc/self/fd/" + std::to_string(ends[0]), "x").value().view(), "secret");
  ::close(ends[0]);
  EXPECT_FALSE(bmc_password("/dev/zero", "x"));
  EXPECT_FALSE(bmc_password("/dev/null", "x"));
}

// The kernel shows another process the environment as it stood at the start.
TEST_F(Password, NoLongerStandsInTheEnvironment) {
  std::string variable = "PERFWATT_BMC_PASSWORD=secret", other = "PERFWATT_BMC_PASSWORDS";
  ::putenv(variable.data());
  ::putenv(other.data());
  EXPECT_EQ(bmc_password("", "x").value().view(), "secret");
  EXPECT_EQ(bmc_password("", "x").value().view(), "secret") << "for a second BMC, too";
  EXPECT_EQ(variable.find("secret"), std::string::npos);
  EXPECT_EQ(::getenv("PERFWATT_BMC_PASSWORD"), nullptr);
  EXPECT_NE(::getenv("PATH"), nullptr);
}

TEST(Secret, IsNotDumpedAndGoesWithItsOwner) {
  Secret secret("secret");
  EXPECT_EQ(::prctl(PR_GET_DUMPABLE), 0);
  EXPECT_STREQ(secret.c_str(), "secret");
  Secret moved = std::move(secret);
  EXPECT_EQ(moved.view(), "secret");
  EXPECT_TRUE(Secret().empty());
  std::string text = "secret";
  const char* const at = text.data();
  wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(at[1], 0);
}

TEST(Secret, IsWipedInAForkedChild) {
  const Secret secret("secret");
  const pid_t child = ::fork();
  if (child == 0) ::_exit(secret.view()[0] == 0 ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(Password, EmptyAndMissingFiles) {
  EXPECT_FALSE(bmc_password(file("\n", 0600), "x"));
  EXPECT_FALSE(bmc_password((folder_->path() / "none").string(), "x"));
}

// What bmc_password does on a terminal of its own where `typed` is typed, as a wait status: it exits with 0
// where it got "secret", with 1 where it got anything else.
int typed(const std::string& keys, std::string& shown) {
  int terminal = -1, seen[2];
  if (::pipe(seen) != 0) return -1;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) {
    const Result<Secret> password = bmc_password("", "the BMC");
    ::close(seen[1]);
    ::alarm(60);  // what it wrote last may be lost with its terminal: not before all of it has been read
    (void)!::read(seen[0], &terminal, 1);
    ::_exit(password && password->view() == "secret" ? 0 : 1);
  }
  char buffer[256];
  // What is typed before the prompt would be flushed.
  while (shown.find("the BMC: ") == std::string::npos) {
    const ssize_t got = ::read(terminal, buffer, sizeof buffer);
    if (got <= 0) break;
    shown.append(buffer, static_cast<std::size_t>(got));
  }
  EXPECT_EQ(::write(terminal, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  ::close(seen[0]);
  for (ssize_t got = 0; (got = ::read(terminal, buffer, sizeof buffer)) > 0;) {
    shown.append(buffer, static_cast<std::size_t>(got));
    if (shown.ends_with('\n')) ::close(std::exchange(seen[1], -1));
  }
  if (seen[1] >= 0) ::close(seen[1]);
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(terminal);
  return status;
}

TEST_F(Password, APromptWithoutEcho) {
  std::string shown;
  const int status = typed("sec\x7f\x63ret\n", shown);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(shown, "Password for the BMC: \r\n");
}

TEST_F(Password, CtrlCAtThePromptInterrupts) {
  std::string shown;
  const int status = typed("sec\x03", shown);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
}

TEST_F(Password, WithoutATerminalTheThreeWaysAreNamed) {
  const int saved = ::dup(STDIN_FILENO);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  const Result<Secret> password = bmc_password("", "dcmi://a@b");
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(nothing);
  ASSERT_FALSE(password);
  EXPECT_EQ(password.error().where, "dcmi://a@b");
  for (const char* way : {"PERFWATT_BMC_PASSWORD", "--bmc-password-file", "terminal"})
    EXPECT_THAT(password.error().hint, HasSubstr(way));
}

}  // namespace
}  // namespace pw
