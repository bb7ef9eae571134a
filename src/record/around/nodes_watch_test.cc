// SPDX-License-Identifier: GPL-3.0-or-later
// Real small commands in the place of a launcher.
#include "record/around/nodes_watch.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <string>

#include "job/job_folder.h"
#include "job/test_ranks.h"
#include "os/file.h"
#include "record/waiting/world.h"

namespace pw {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class NodesWatching : public testing::Test {
 protected:
  // The files of two ranks on two nodes, at their begin and at their end, for a launcher to put where they
  // belong.
  NodesWatching() {
    fs::create_directories(execution_folder(folder_.path(), 1));
    for (int rank = 0; rank < 2; ++rank) {
      RankFile file;
      file.place = {rank, 2, 0, 1, fmt::format("n{}", rank + 1), "Slurm", "", ""};
      file.begin_unix = {1'700'000'000'000'000'000};
      EXPECT_TRUE(write_file(path("begun", rank), rank_file_text(file)));
      file.elapsed = Nanoseconds{500'000'000};
      file.usage.emplace();
      file.power = {{"hwmon", "power1", "whole machine", Joules{45}, Joules{1}, Watts{90}, Watts{89},
                     Watts{91}, 9, false, ""}};
      EXPECT_TRUE(write_file(path("ended", rank), rank_file_text(file)));
    }
  }
  fs::path path(const std::string& what, int rank) const {
    return folder_.path() / fmt::format("{}.{}", what, rank);
  }
  // Of a shell's script, where `put WHAT RANK` is a rank.
  NodesIdle watch(const std::string& script, NodesWatchLimits limits = {}) {
    limits.length = length_, limits.grace = {2'000'000'000};
    ranks_.begin(execution_folder(folder_.path(), 1), {});
    ChildOptions options;
    options.command = {"/bin/sh", "-c",
                       fmt::format("put() {{ cp {0}/$1.$2 {0}/1/new; mv {0}/1/new {0}/1/$2.rank; }}; ",
                                   folder_.path().string()) +
                           script};
    return watch_nodes(options, ranks_, limits, waiting_).value();
  }

  Seconds length_{0.5};
  TempFolder folder_ = TempFolder::make().value();
  SignalQueue signals_;
  SystemWorld world_{signals_};
  Waiting waiting_{world_};
  RankGatherer ranks_{0};
};

TEST_F(NodesWatching, IsFromTheLastBeginToTheFirstEnd) {
  length_ = {3};
  const Nanoseconds begin = waiting_.now();
  const NodesIdle idle =
      watch("sleep 0.2; put begun 0; sleep 0.1; put begun 1; sleep 3; put ended 0; put ended 1; sleep 0.2");
  EXPECT_THAT(idle.remarks, IsEmpty());
  ASSERT_TRUE(idle.window);
  EXPECT_GE(idle.window->begin - begin, Nanoseconds{300'000'000});
  EXPECT_LE(idle.window->end - idle.window->begin, Nanoseconds{2'920'000'000})
      << "the first began 0.1 s before";
  EXPECT_LE(idle.window->end, waiting_.now() - Nanoseconds{200'000'000});
  ASSERT_EQ(idle.idles.size(), 2U);
  EXPECT_EQ(idle.places[static_cast<std::size_t>(idle.idles[1].place)].node, "n2");
  EXPECT_EQ(idle.idles[1].power.mean, Watts{90});
  EXPECT_EQ(idle.idles[1].lasted, Seconds{0.5});
}

TEST_F(NodesWatching, SaysHowItsLauncherFailed) {
  const NodesIdle idle = watch("echo no such node; exit 7");
  EXPECT_FALSE(idle.window);
  EXPECT_THAT(idle.remarks, Contains("the launcher failed with exit status 7: no such node"));
  EXPECT_THAT(idle.idles, IsEmpty());
}

TEST_F(NodesWatching, OfSomeNodesNamesTheMissing) {
  const NodesIdle idle = watch("put begun 0; sleep 0.5; put ended 0");
  EXPECT_FALSE(idle.window);
  EXPECT_THAT(idle.remarks, Contains("not every rank began"));
  EXPECT_THAT(idle.remarks, Contains(HasSubstr("rank 1 of 2")));
  EXPECT_EQ(idle.idles.size(), 1U);
}

TEST_F(NodesWatching, IsOverAtOnceWhereNoNodeHasASensor) {
  for (int rank = 0; rank < 2; ++rank) {
    RankFile file;
    file.place = {rank, 2, 0, 1, fmt::format("n{}", rank + 1), "Slurm", "", ""};
    file.power = {{"", "", "", {}, {}, {}, {}, {}, 0, false, "no power source"}};
    ASSERT_TRUE(write_file(path("without", rank), rank_file_text(file)));
    file.elapsed = Nanoseconds{1'000'000};
    file.usage.emplace().signal = SIGTERM;
    ASSERT_TRUE(write_file(path("gone", rank), rank_file_text(file)));
  }
  NodesWatchLimits limits;
  limits.longest_start = {600'000'000'000};
  const NodesIdle idle = watch(
      "trap 'kill $!; put gone 0; put gone 1; exit 143' TERM; put without 0; put without 1; sleep 600 & wait",
      limits);
  EXPECT_FALSE(idle.window);
  EXPECT_THAT(idle.remarks, IsEmpty());
  ASSERT_EQ(idle.idles.size(), 2U);
  EXPECT_EQ(idle.idles[1].power.reason, "no power source");
}

TEST_F(NodesWatching, EndsALauncherThatGoesOn) {
  NodesWatchLimits limits;
  limits.longest_start = limits.longest_end = {200'000'000};
  const NodesIdle idle = watch("put begun 0; exec sleep 600", limits);
  EXPECT_TRUE(idle.hung);
  EXPECT_THAT(idle.remarks, Contains("the launcher had not ended after 0.9 s"));
}

}  // namespace
}  // namespace pw
