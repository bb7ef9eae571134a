// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank/node_use.h"

#include <gmock/gmock.h>

#include "os/file.h"

namespace pw {
namespace {

using testing::HasSubstr;

class NodeUses : public testing::Test {
 protected:
  Result<CpuTicks> ticks_of(std::string_view text) const {
    const auto path = folder_.path() / "stat";
    EXPECT_TRUE(write_file(path, text));
    return cpu_ticks(path);
  }
  TempFolder folder_ = TempFolder::make().value();
};

TEST_F(NodeUses, AreOfProcessesAlone) {
  const auto ticks = ticks_of(
      "cpu  100 20 3 4000 50000 600000 7000000 80000000 90 10\ncpu0 1 2\ncpu8 1 2\nintr 5 cpu\nctxt 9\n");
  ASSERT_TRUE(ticks) << one_line(ticks.error());
  EXPECT_EQ(ticks->busy, 123) << "user, nice, system; guests are in the first two";
  EXPECT_EQ(ticks->cpus, 2);
}

TEST_F(NodeUses, OfWhatDoesNotTellAreUnknown) {
  for (const char* text : {"", "cpu\n", "cpu  1 2 3\n", "cpu  0 0 0 0 0 0 0 0 0 0\ncpu0 0\n",
                           "cpu0 1 2 3 4 5 6 7 8\n", "cpu  1 2 x 4 5 6 7 8\n", "cpu  1 2 -3 4 5 6 7 8\n"})
    EXPECT_FALSE(ticks_of(text)) << text;
  const auto none = cpu_ticks(folder_.path() / "none");
  ASSERT_FALSE(none);
  const NodeUse use = use_between(none, none, 100);
  EXPECT_FALSE(use.busy);
  EXPECT_THAT(use.reason, HasSubstr("none"));
}

TEST_F(NodeUses, AreWhatWasAddedMeanwhile) {
  const NodeUse use = use_between(CpuTicks{1000, 4}, CpuTicks{1250, 8}, 100);
  EXPECT_EQ(use.busy, Seconds{2.5});
  EXPECT_EQ(use.cpus, 8);
  EXPECT_EQ(use.reason, "");
  const NodeUse back = use_between(CpuTicks{1000, 4}, CpuTicks{999, 4}, 100);
  EXPECT_FALSE(back.busy);
  EXPECT_NE(back.reason, "");
  const NodeUse no_end = use_between(CpuTicks{1, 1}, fail(Failure::not_possible, "gone", "stat"), 100);
  EXPECT_FALSE(no_end.busy);
  EXPECT_EQ(no_end.reason, "stat: gone");
}

TEST(NodeUseWatch, ReadsThisMachine) {
  NodeUseWatch watch;
  watch.begin();
  const NodeUse use = watch.until_now();
  EXPECT_NE(use.busy.has_value(), !use.reason.empty());
  EXPECT_EQ(use.busy.has_value(), use.cpus > 0);
}

}  // namespace
}  // namespace pw
