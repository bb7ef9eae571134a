// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/not_inherited.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace pw {
namespace {

TEST(NotInherited, MarksWhatIsOpenedWhileItLivesAndNothingElse) {
  const int before = ::open("/dev/null", O_RDONLY);
  int within = -1;
  {
    const NotInherited scope;
    within = ::open("/dev/null", O_RDONLY);
    EXPECT_EQ(::fcntl(within, F_GETFD), 0);
  }
  const int after = ::open("/dev/null", O_RDONLY);
  EXPECT_EQ(::fcntl(before, F_GETFD), 0);
  EXPECT_EQ(::fcntl(within, F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(::fcntl(after, F_GETFD), 0);
  for (const int fd : {before, within, after}) ::close(fd);
}

}  // namespace
}  // namespace pw
