// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/command/program.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace pw {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Program : public testing::Test {
 protected:
  Program() { folder_ = fs::temp_directory_path() / ("perfwatt-program-" + std::to_string(::getpid())); }
  void SetUp() override {
    fs::create_directories(folder_);
    fs::permissions(folder_, fs::perms(0755));
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string put(const std::string& name, const std::string& content, unsigned mode = 0755) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    fs::permissions(path, fs::perms(mode));
    return path.string();
  }

  fs::path folder_;
};

void expect_refused(const std::string& program, const std::string& what, const std::string& hint = "",
                    const std::optional<UserIds>& user = std::nullopt) {
  const Result<> checked = check_program(program, user);
  ASSERT_FALSE(checked) << program;
  EXPECT_EQ(checked.error().kind, Failure::command);
  EXPECT_THAT(checked.error().what, HasSubstr(what));
  EXPECT_THAT(checked.error().hint, HasSubstr(hint));
  EXPECT_NE(checked.error().hint, "");
}

UserIds nobody() { return {65534, 65534, {65534}, "nobody", "/", "/bin/sh"}; }

TEST_F(Program, WhatCanBeExecutedIsOne) {
  EXPECT_TRUE(check_program("sh"));
  EXPECT_TRUE(check_program("/bin/sh"));
  EXPECT_TRUE(check_program(put("ok", "#! /bin/sh -e\n")));
  EXPECT_TRUE(check_program(put("without", "echo a script of sh\n")));
  EXPECT_TRUE(check_program(put("ok", "#!/bin/sh\n"), nobody()));
}

TEST_F(Program, EachFaultHasItsName) {
  expect_refused("no-such-program", "there is no such program", "PATH");
  expect_refused("sh -c true", "there is no such program", "starts no shell");
  expect_refused("A=1", "there is no such program", "env NAME=VALUE");
  expect_refused(".", "it is a folder");
  expect_refused("..", "it is a folder");
  expect_refused("/etc", "it is a folder");
  expect_refused("./no-such", "there is no such file");
  expect_refused("/dev/null", "it is no file but a device");
  expect_refused(put("plain", "x\n", 0644), "it is not executable", "chmod +x");
  expect_refused(put("plain", "x\n", 0644) + "/x", "Not a directory");
  fs::create_symlink("nowhere", folder_ / "link");
  expect_refused((folder_ / "link").string(), "a link to a file that is not there");
  EXPECT_EQ(check_program("").error().kind, Failure::input);
}

TEST_F(Program, TheInterpreterIsLookedFor) {
  expect_refused(put("gone", "#!/no/such/python3 -u\n"), "its interpreter is not there: #!/no/such/python3");
  expect_refused(put("folder", "#!/etc\n"), "its interpreter is not executable: #!/etc");
  expect_refused(put("dos", "#!/bin/sh\r\necho\r\n"), "ends as Windows ends lines", "sed -i");
}

TEST_F(Program, WhatAUserMayNotExecute) {
  expect_refused(put("mine", "#!/bin/sh\n", 0700), "it is not executable for nobody", "owner, group",
                 nobody());
  const std::string inside = put("closed/x", "#!/bin/sh\n");
  fs::permissions(folder_ / "closed", fs::perms(0700));
  expect_refused(inside, "the folder " + (folder_ / "closed").string() + " may not be entered by nobody",
                 "--user", nobody());
}

TEST_F(Program, AFileInThisFolderIsNotOnPath) {
  const fs::path before = fs::current_path();
  put("job", "#!/bin/sh\n");
  fs::current_path(folder_);
  expect_refused("job", "a file in this folder", "./job");
  fs::current_path(before);
}

// A head as those of programs for a 64-bit machine.
std::string elf_for(unsigned char machine, bool little = true) {
  std::string head("\177ELF\2\1\1", 7);
  head.resize(64);
  head[5] = little ? 1 : 2;
  head[little ? 18 : 19] = static_cast<char>(machine);
  return head;
}

TEST_F(Program, AnExecThatFailedIsExplained) {
  const auto text = [](const std::string& path, int error) {
    return cannot_start(path, error, std::nullopt).value().what;
  };
  constexpr unsigned char kS390 = 22, kPpc64 = 21;
  EXPECT_THAT(text(put("s390", elf_for(kS390, false)), ENOEXEC),
              HasSubstr("it is a program for s390x, and this machine is"));
  EXPECT_THAT(text(put("big", elf_for(kPpc64, false)), ENOEXEC), HasSubstr("it is a program for ppc64, and"));
  EXPECT_THAT(text(put("empty", ""), ENOEXEC), HasSubstr("an empty file"));
  EXPECT_THAT(text("/bin/sh", E2BIG), HasSubstr("its words and the environment are too long"));
  EXPECT_THAT(text("/bin/sh", ETXTBSY), HasSubstr("open for writing"));
  EXPECT_THAT(text(put("gone", "#!/no/such\n"), ENOENT), HasSubstr("its interpreter is not there"));
}

}  // namespace
}  // namespace pw
