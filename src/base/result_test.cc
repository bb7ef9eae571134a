// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace pw {
namespace {

Failure kind_of(Failure kind, int error) { return fail_errno(kind, "cannot read", error).value().kind; }

TEST(Failures, OfTheDiskAreNoMistakeOfTheUsers) {
  for (const int error : {EIO, ENOSPC, EDQUOT, EMFILE, ENOMEM})
    EXPECT_EQ(kind_of(Failure::input, error), Failure::measurement) << error;
  for (const int error : {ENOENT, EACCES, EISDIR, ENOTDIR})
    EXPECT_EQ(kind_of(Failure::input, error), Failure::input) << error;
  EXPECT_EQ(kind_of(Failure::not_possible, EIO), Failure::not_possible);
}

}  // namespace
}  // namespace pw
