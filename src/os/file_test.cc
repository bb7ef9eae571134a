// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "os/root.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

TEST(File, IsWrittenWholeAndReadWhole) {
  const TempFolder folder = TempFolder::make().value();
  const fs::path path = folder.path() / "file";
  const std::string content(200'000, 'x');
  ASSERT_TRUE(write_file(path, "old"));
  ASSERT_TRUE(write_file(path, content));
  EXPECT_EQ(read_file(path).value(), content);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);  // no half file beside it
  const mode_t mask = ::umask(0);
  ::umask(mask);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0666 & ~mask);
}

TEST(File, OfTheKernelIsReadThoughItsSizeIsNone) {
  EXPECT_EQ(fs::file_size("/proc/self/stat"), 0U);
  EXPECT_FALSE(read_file("/proc/self/stat")->empty());
}

TEST(File, SaysWhyNot) {
  const TempFolder folder = TempFolder::make().value();
  EXPECT_EQ(read_file(folder.path() / "none").error().what, "cannot open: No such file or directory");
  EXPECT_EQ(read_file(folder.path()).error().what, "cannot read: Is a directory");
  EXPECT_EQ(write_file(folder.path() / "no" / "file", "").error().kind, Failure::measurement);
  ASSERT_TRUE(make_folder(folder.path() / "taken"));
  EXPECT_EQ(write_file(folder.path() / "taken", "").error().what, "cannot rename to: Is a directory");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
  ASSERT_TRUE(write_file(folder.path() / "file", ""));
  EXPECT_EQ(make_folder(folder.path() / "file" / "folder").error().kind, Failure::input);
}

TEST(TempFolder, GoesWithAllItHolds) {
  fs::path path;
  {
    TempFolder folder = TempFolder::make("perfwatt-test-").value();
    TempFolder moved = std::move(folder);
    path = moved.path();
    EXPECT_TRUE(path.filename().string().starts_with("perfwatt-test-"));
    ASSERT_TRUE(make_folder(path / "a" / "b"));
    ASSERT_TRUE(write_file(path / "a" / "file", "x"));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(Folders, AreWhereTheEnvironmentSays) {
  ::setenv("PERFWATT_DATA", "/data", 1);
  ::setenv("XDG_CACHE_HOME", "/cache", 1);
  EXPECT_EQ(data_folder(), "/data");
  EXPECT_EQ(cache_folder(), "/cache/perfwatt");
  ::unsetenv("PERFWATT_DATA");
  ::unsetenv("XDG_CACHE_HOME");
  EXPECT_TRUE(cache_folder().string().ends_with(".cache/perfwatt"));
  EXPECT_EQ(program_path().filename(), "os_test");
}

TEST(Root, ReadsUnderItself) {
  const TempFolder folder = TempFolder::make().value();
  ASSERT_TRUE(make_folder(folder.path() / "sys"));
  ASSERT_TRUE(write_file(folder.path() / "sys" / "number", " 42\n"));
  ASSERT_TRUE(write_file(folder.path() / "sys" / "bytes", std::string("a\0 ", 3)));
  const Root root(folder.path());
  EXPECT_EQ(root.text("sys/number"), "42");
  EXPECT_EQ(root.number("sys/number"), 42);
  EXPECT_EQ(root.number("sys/bytes"), std::nullopt);
  EXPECT_EQ(root.bytes("sys/bytes"), std::string("a\0 ", 3));
  EXPECT_EQ(root.text("sys/none"), std::nullopt);
  EXPECT_EQ(root.names("sys"), (std::vector<std::string>{"bytes", "number"}));
  EXPECT_TRUE(root.names("none").empty());
  EXPECT_TRUE(root.exists("sys"));
  EXPECT_FALSE(root.exists("none"));
}

}  // namespace
}  // namespace pw
