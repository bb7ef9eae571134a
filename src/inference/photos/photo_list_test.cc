// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/photos/photo_list.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "os/file.h"

namespace pw::inference {
namespace {

class ListPhotos : public ::testing::Test {
 protected:
  void put(const std::string& name, std::string_view content) {
    ASSERT_TRUE(write_file(folder_.path() / name, content));
  }
  std::string folder() const { return folder_.path().string(); }
  static std::vector<std::string> names(const PhotoList& list) {
    std::vector<std::string> found;
    for (const PhotoFile& photo : list.photos) found.push_back(photo.name);
    return found;
  }

 private:
  TempFolder folder_ = TempFolder::make().value();
};

TEST_F(ListPhotos, OfAFolderInTheOrderOfTheNamesWithoutOtherFiles) {
  put("b.jpg", "no JPEG inside: named later");
  put("a.JPEG", "");
  put("photo", "\xff\xd8\xff\xe0");
  put("c.mpo", "");
  put("readme.txt", "");
  put(".hidden.jpg", "");
  ASSERT_TRUE(make_folder(folder() + "/sub.jpg"));
  const auto list = list_photos({folder()});
  ASSERT_TRUE(list) << one_line(list.error());
  EXPECT_EQ(names(*list), (std::vector<std::string>{"a.JPEG", "b.jpg", "c.mpo", "photo"}));
  EXPECT_EQ(list->ignored, 2);
}

TEST_F(ListPhotos, ALinkThatLeadsNowhereIsAPhotoThatCannotBeRead) {
  std::filesystem::create_symlink("nowhere", folder() + "/a.jpg");
  std::filesystem::create_symlink("b.JPEG", folder() + "/b.JPEG");  // to itself
  std::filesystem::create_symlink("nowhere", folder() + "/notes");
  const auto list = list_photos({folder()});
  ASSERT_TRUE(list) << one_line(list.error());
  EXPECT_EQ(names(*list), (std::vector<std::string>{"a.jpg", "b.JPEG"}));
  EXPECT_EQ(list->ignored, 1);
  EXPECT_EQ(list_photos({folder() + "/a.jpg"}).error().what, "the link leads nowhere");
  EXPECT_EQ(list_photos({folder() + "/b.JPEG"}).error().what,
            "cannot open: Too many levels of symbolic links");
}

TEST_F(ListPhotos, SeveralThingsKeepTheirPathsAndOrder) {
  put("b.jpg", "");
  put("text", "");
  const auto list = list_photos({folder() + "/text", folder()});
  ASSERT_TRUE(list) << one_line(list.error());
  EXPECT_EQ(names(*list), (std::vector<std::string>{folder() + "/text", folder() + "/b.jpg"}));
}

TEST_F(ListPhotos, NothingThereIsAnError) {
  const auto missing = list_photos({folder() + "/none"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, Failure::input);
  EXPECT_EQ(missing.error().what, "no such photo or folder");
  put("readme.txt", "");
  const auto empty = list_photos({folder()});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().kind, Failure::input);
  EXPECT_EQ(empty.error().what, "no photo there, 1 of other kinds");
}

}  // namespace
}  // namespace pw::inference
