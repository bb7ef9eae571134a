// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/ground/pin.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>

#include "inference/ground/team.h"
#include "inference/ground/wait_policy.h"
#include "os/file.h"

namespace pw::inference {
namespace {

using testing::ElementsAre;

void add_cpu(const std::filesystem::path& root, int cpu, int package, int core) {
  const auto folder = root / fmt::format("sys/devices/system/cpu/cpu{}/topology", cpu);
  std::filesystem::create_directories(folder);
  ASSERT_TRUE(write_file(folder / "physical_package_id", std::to_string(package) + "\n"));
  ASSERT_TRUE(write_file(folder / "core_id", std::to_string(core) + "\n"));
}

TEST(CpusInOrder, TakesEveryCoreBeforeASecondThreadOfAny) {
  const auto folder = TempFolder::make();
  ASSERT_TRUE(folder);
  for (const int cpu : {0, 1, 2, 3}) add_cpu(folder->path(), cpu, 0, cpu / 2);
  for (const int cpu : {4, 5}) add_cpu(folder->path(), cpu, 1, 0);
  const Root root(folder->path());
  EXPECT_THAT(cpus_in_order(root, {0, 1, 2, 3, 4, 5}, 0), ElementsAre(0, 2, 4, 1, 3, 5));
  EXPECT_THAT(cpus_in_order(root, {0, 1, 2, 3, 4, 5}, 3), ElementsAre(2, 4, 0, 3, 5, 1));
  EXPECT_THAT(cpus_in_order(root, {1, 2, 3}, 1), ElementsAre(1, 2, 3));
}

TEST(CpusInOrder, TakesEveryCpuForACoreWhereNothingIsKnown) {
  const auto folder = TempFolder::make();
  ASSERT_TRUE(folder);
  EXPECT_THAT(cpus_in_order(Root(folder->path()), {0, 2, 5}, 9), ElementsAre(0, 2, 5));
}

TEST(PinTeam, GivesEachThreadItsOwnCpu) {
  const int threads = std::min<int>(2, static_cast<int>(usable_cpus().size()));
  set_team_size(threads);
  pin_team(Root(), 0);
  std::mutex mutex;
  std::set<int> seen;
  on_each_thread([&](int) {
    cpu_set_t set;
    CPU_ZERO(&set);
    ASSERT_EQ(::sched_getaffinity(0, sizeof set, &set), 0);
    EXPECT_EQ(CPU_COUNT(&set), 1);
    const std::lock_guard lock(mutex);
    seen.insert(::sched_getcpu());
  });
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(threads));
  on_each_thread([](int) { unpin_this_thread(); });
}

TEST(PinTeam, LeavesThreadsToTheKernelWhereOthersAreBusy) {
  set_team_size(1);
  pin_team(Root(), 1'000'000);
  cpu_set_t set;
  CPU_ZERO(&set);
  ASSERT_EQ(::sched_getaffinity(0, sizeof set, &set), 0);
  EXPECT_EQ(static_cast<std::size_t>(CPU_COUNT(&set)), usable_cpus().size());
}

TEST(BusyElsewhere, ReadsTheKernelsCount) {
  const auto folder = TempFolder::make();
  ASSERT_TRUE(folder);
  EXPECT_EQ(busy_elsewhere(Root(folder->path())), 0);
  ASSERT_TRUE(make_folder(folder->path() / "proc"));
  for (const auto& [text, expected] :
       {std::pair{"0.16 1.18 1.00 1/92 9657\n", 0}, {"8.53 6.13 3.31 10/131 20783\n", 9}, {"x", 0}}) {
    ASSERT_TRUE(write_file(folder->path() / "proc" / "loadavg", text));
    EXPECT_EQ(busy_elsewhere(Root(folder->path())), expected) << text;
  }
}

TEST(SpinsFor, AreFewWhereOthersNeedTheCpus) {
  EXPECT_LT(spins_for(1), spins_for(0));
  EXPECT_EQ(spins_for(1), spins_for(100));
}

TEST(ParallelFor, CallsEveryIndexOnce) {
  set_team_size(2);
  std::vector<std::atomic<int>> calls(1000);
  parallel_for(1000, [&](std::int64_t index, int thread) {
    EXPECT_LT(thread, team_size());
    ++calls[static_cast<std::size_t>(index)];
  });
  for (const auto& count : calls) EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace pw::inference
