// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/ground/regular_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "os/file.h"

namespace pw::inference {
namespace {

using testing::HasSubstr;

class RegularFile : public testing::Test {
 protected:
  std::filesystem::path file(const char* name) const { return folder_.path() / name; }
  const TempFolder folder_ = TempFolder::make().value();
};

TEST_F(RegularFile, IsReadUpToTheMostThatIsWanted) {
  ASSERT_TRUE(write_file(file("a"), "12345"));
  EXPECT_EQ(read_regular(file("a"), 5).value(), "12345");
  EXPECT_EQ(regular_size(file("a")).value(), 5U);
  const auto refused = read_regular(file("a"), 4);
  ASSERT_FALSE(refused);
  EXPECT_THAT(one_line(refused.error()), HasSubstr("a: of 5 bytes, more than 4"));
}

TEST_F(RegularFile, IsNoPipeDeviceOrFolder) {
  ASSERT_EQ(::mkfifo(file("pipe").c_str(), 0600), 0);
  EXPECT_THAT(one_line(read_regular(folder_.path(), 1).error()), HasSubstr("it is a folder"));
  for (const auto& path : {file("pipe"), std::filesystem::path("/dev/zero")}) {
    const auto refused = read_regular(path, 1 << 20);
    ASSERT_FALSE(refused) << path;
    EXPECT_THAT(one_line(refused.error()), HasSubstr("it is no regular file but")) << path;
    EXPECT_FALSE(open_regular(path));
    EXPECT_FALSE(regular_size(path));
  }
  EXPECT_THAT(one_line(read_regular(file("none"), 1).error()), HasSubstr("cannot open"));
}

}  // namespace
}  // namespace pw::inference
