// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/library.h"

#include <gmock/gmock.h>

namespace pw {
namespace {

using testing::HasSubstr;

using Cosine = double (*)(double);
constexpr const char* kMaths = "libm.so.6";  // of glibc

TEST(Library, TheFirstThatIsThereIsTaken) {
  const Result<Library> library = Library::open({"libnonesuch.so.1", kMaths});
  ASSERT_TRUE(library) << one_line(library.error());
  Cosine cosine = nullptr, root = nullptr;
  ASSERT_TRUE(library->bind("cos", cosine, "sqrt", root));
  EXPECT_EQ(cosine(0), 1);
  EXPECT_EQ(root(9), 3);
}

TEST(Library, WhatIsMissingIsAnErrorWithItsName) {
  const Result<Library> library = Library::open({"libnonesuch.so.1", "libnonesuch.so.0"});
  ASSERT_FALSE(library);
  EXPECT_EQ(library.error().kind, Failure::not_possible);
  EXPECT_EQ(library.error().where, "libnonesuch.so.1, libnonesuch.so.0");
  EXPECT_THAT(library.error().what, HasSubstr("No such file"));
  EXPECT_FALSE(Library::open({}));
}

TEST(Library, AFunctionThatIsMissingIsNamedAndNull) {
  const Library library = Library::open({kMaths}).value();
  Cosine cosine = nullptr, none = nullptr;
  const Result<> bound = library.bind("cos", cosine, "no_such_function", none);
  ASSERT_FALSE(bound);
  EXPECT_EQ(one_line(bound.error()), "libm.so.6: it has no function no_such_function");
  none = cosine;
  EXPECT_FALSE(library.find("no_such_function", none));
  EXPECT_EQ(none, nullptr);
}

}  // namespace
}  // namespace pw
