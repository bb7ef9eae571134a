// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/network/tuned_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/file.h"

namespace pw::inference {
namespace {

TEST(TunedMachine, TellsMachinesApart) {
  const auto root = TempFolder::make();
  ASSERT_TRUE(root);
  ASSERT_TRUE(make_folder(root->path() / "proc"));
  ASSERT_TRUE(
      write_file(root->path() / "proc" / "cpuinfo", "processor\t: 0\ncpu\t\t: POWER9, altivec supported\n"));
  EXPECT_THAT(tuned_machine(Root(root->path()), 4),
              testing::AllOf(testing::HasSubstr("POWER9"), testing::HasSubstr("oneDNN 2."),
                             testing::HasSubstr("4 threads")));
  EXPECT_THAT(tuned_machine(Root("/nowhere"), 1), testing::HasSubstr("unknown CPU"));
}

}  // namespace
}  // namespace pw::inference
