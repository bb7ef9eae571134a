// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "os/file.h"

namespace pw {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr uid_t kNobody = 65534;

class InFolders : public testing::Test {
 protected:
  TempFolder folder_ = TempFolder::make().value();
  fs::path at(const std::string& name) const { return folder_.path() / name; }
  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(folder_.path()), {}); }
};

TEST_F(InFolders, AreMadeWithTheirParents) {
  ASSERT_TRUE(Folder::make(at("a") / "b" / ".." / "c" / ""));
  EXPECT_TRUE(fs::is_directory(at("a") / "c"));
  EXPECT_TRUE(Folder::open(at("a") / "." / "c"));
  EXPECT_EQ(Folder::open(at("none")).error().kind, Failure::input);
  ASSERT_TRUE(write_file(at("file"), ""));
  EXPECT_THAT(one_line(Folder::make(at("file") / "x").error()), HasSubstr("Not a directory"));
}

TEST_F(InFolders, AreReachedThroughLinksOfOnesOwn) {
  ASSERT_TRUE(make_folder(at("a")));
  fs::create_symlink("a", at("relative"));
  fs::create_symlink(at("relative"), at("absolute"));
  ASSERT_TRUE(write_file(at("absolute") / "file", "x"));
  EXPECT_TRUE(fs::exists(at("a") / "file"));
  fs::create_symlink("circle", at("circle"));
  EXPECT_THAT(one_line(Folder::open(at("circle")).error()), HasSubstr("Too many levels"));
}

TEST_F(InFolders, OfRootsAreNotReachedThroughLinksOfUsers) {
  if (::geteuid() != 0) GTEST_SKIP() << "SKIPPED: only root can give a link to another user";
  ASSERT_TRUE(make_folder(at("a")));
  fs::create_symlink("a", at("link"));
  ASSERT_EQ(::lchown(at("link").c_str(), kNobody, kNobody), 0);
  for (const Result<>& refused : {write_file(at("link") / "file", "x"), make_folder(at("link") / "b")}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, Failure::not_possible);
    EXPECT_THAT(one_line(refused.error()), HasSubstr("'link' is a link of user 65534"));
  }
  EXPECT_TRUE(fs::is_empty(at("a")));
}

TEST_F(InFolders, KeepWhatIsWrittenThoughTheirNameGoesElsewhere) {
  ASSERT_TRUE(make_folder(at("a")));
  ASSERT_TRUE(make_folder(at("b")));
  const Folder folder = Folder::open(at("a")).value();
  FileBeside file = FileBeside::make(folder, "file").value();
  fs::rename(at("a"), at("c"));
  fs::create_symlink("b", at("a"));
  ASSERT_TRUE(file.write("x"));
  EXPECT_EQ(file.put(IfThere::replace), 0);
  EXPECT_TRUE(fs::exists(at("c") / "file"));
  EXPECT_TRUE(fs::is_empty(at("b")));
}

TEST_F(InFolders, HaveNoHalfFiles) {
  const Folder folder = Folder::open(folder_.path()).value();
  {
    FileBeside first = FileBeside::make(folder, "file").value();
    FileBeside second = FileBeside::make(folder, "file").value();
    EXPECT_EQ(files(), 2);
    EXPECT_EQ(first.put(IfThere::refuse), 0);
    EXPECT_EQ(second.put(IfThere::refuse), EEXIST);
  }
  EXPECT_EQ(files(), 1);
}

TEST_F(InFolders, OfTheCacheAreOnesOwn) {
  ASSERT_TRUE(make_folder(at("perfwatt")));
  ASSERT_TRUE(make_cache(at("perfwatt") / "models"));
  for (const char* name : {"perfwatt", "perfwatt/models"}) {
    ASSERT_EQ(::chmod(at(name).c_str(), 0777), 0);
    const Result<> refused = check_cache(at("perfwatt") / "models");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, Failure::not_possible);
    EXPECT_EQ(refused.error().where, at(name));
    ASSERT_EQ(::chmod(at(name).c_str(), 0755), 0);
  }
  EXPECT_TRUE(check_cache(at("perfwatt") / "models"));
  EXPECT_TRUE(check_cache(at("none") / "models"));
  if (::geteuid() != 0) return;
  ASSERT_EQ(::chown(at("perfwatt").c_str(), kNobody, kNobody), 0);
  EXPECT_FALSE(check_cache(at("perfwatt") / "models"));
}

TEST_F(InFolders, OfTheCacheAreNotInTmpWithoutAHome) {
  const std::string home = std::getenv("HOME") ? std::getenv("HOME") : "";
  for (const char* none : {"", "relative"}) {
    ::setenv("HOME", none, 1);
    EXPECT_TRUE(cache_folder().is_absolute());
    EXPECT_FALSE(cache_folder().string().starts_with("/tmp")) << cache_folder();
  }
  ::setenv("HOME", home.c_str(), 1);
}

TEST(TempFolder, GoesWithAProcessThatASignalEnds) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const TempFolder folder = TempFolder::make().value();
    static_cast<void>(write_file(folder.path() / "file", "x"));
    const std::string path = folder.path();
    if (::write(pipe[1], path.data(), path.size()) < 0) ::_exit(1);
    while (true) ::pause();
  }
  ::close(pipe[1]);
  char path[512] = {};
  ASSERT_GT(::read(pipe[0], path, sizeof path - 1), 0);
  ::close(pipe[0]);
  EXPECT_TRUE(fs::exists(path));
  ::kill(child, SIGTERM);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace pw
