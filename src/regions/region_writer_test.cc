// SPDX-License-Identifier: GPL-3.0-or-later
// The writer, in this process.
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <thread>
#include <vector>

#include "regions/mark_cost.h"
#include "regions/read_slab.h"
#include "regions/test_slab.h"

namespace pw {
namespace {

// Calls by path, of all threads.
std::map<std::string, std::int64_t> calls_in(const std::string& slab) {
  std::map<std::string, std::int64_t> calls;
  for (const MarkedThread& thread : read_slab(slab).threads) {
    std::vector<std::string> paths;
    for (const MarkedPath& path : thread.paths) {
      paths.push_back(path.parent < 0 ? path.name
                                      : paths[static_cast<std::size_t>(path.parent)] + "/" + path.name);
      calls[paths.back()] += path.calls;
    }
  }
  return calls;
}

TEST(RegionWriter, ThreadsMarkBesideEachOther) {
  constexpr int kThreads = 64, kRounds = 200;
  const test::MarkingHere marking;
  ASSERT_TRUE(marking.on());
  std::vector<std::thread> threads;
  for (int number = 0; number < kThreads; ++number)
    threads.emplace_back([number] {
      const std::string own = "own " + std::to_string(number % 8);
      for (int i = 0; i < kRounds; ++i) {
        const perfwatt::Region work("work");
        const std::string name = "name " + std::to_string(i);
        const perfwatt::Region one(own.c_str()), two(name.c_str());
        perfwatt::items(1);
      }
    });
  for (std::thread& one : threads) one.join();
  const std::string slab = marking.content();
  const auto calls = calls_in(slab);
  EXPECT_EQ(calls.at("work"), kThreads * kRounds);
  EXPECT_EQ(calls.at("work/own 3"), kThreads / 8 * kRounds);
  EXPECT_EQ(calls.at("work/own 3/name 7"), kThreads / 8);
  EXPECT_EQ(calls.size(), 1u + 8 + 8 * kRounds);
  EXPECT_EQ(read_slab(slab).damaged, 0u);
}

// What other threads write is read meanwhile, as after a kill.
TEST(RegionWriter, IsReadWhileItWrites) {
  const test::MarkingHere marking;
  std::thread writer([] {
    for (int i = 0; i < 20'000; ++i) {
      const perfwatt::Region one(std::to_string(i % 500).c_str());
    }
  });
  for (int i = 0; i < 20; ++i) read_slab(marking.content());
  writer.join();
  EXPECT_EQ(calls_in(marking.content()).at("499"), 40);
}

TEST(RegionWriter, RecordsOfEndedThreadsAreUsedAgain) {
  const test::MarkingHere marking;
  for (int i = 0; i < 1000; ++i) std::thread([] { const perfwatt::Region one("one"); }).join();
  const SlabContent content = read_slab(marking.content());
  EXPECT_EQ(content.threads.size(), std::size_t{PW_OWN_RECORDS});
  EXPECT_EQ(calls_in(marking.content()).at("one"), 1000);
}

// qemu-user of aarch64 says that it does, and does not.
bool wipes_on_fork() {
  const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* const page = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED || ::madvise(page, size, MADV_WIPEONFORK) != 0) return true;  // it does not say so
  *static_cast<char*>(page) = 1;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(*static_cast<char*>(page));
  int status = 0;
  ::waitpid(child, &status, 0);
  ::munmap(page, size);
  return WEXITSTATUS(status) == 0;
}

TEST(RegionWriter, IsWipedInAForkedChild) {
  if (!wipes_on_fork()) GTEST_SKIP() << "SKIPPED LOUDLY: madvise says that it wipes on a fork, and does not";
  const test::MarkingHere marking;
  const perfwatt::Region outer("outer");
  const pid_t child = ::fork();
  if (child == 0) {
    { const perfwatt::Region inner("inner"); }
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  const SlabContent content = read_slab(marking.content());
  ASSERT_EQ(content.threads.size(), 2u);
  EXPECT_EQ(content.threads[1].process, child);
  EXPECT_EQ(calls_in(marking.content()).at("outer/inner"), 1);
  EXPECT_EQ(content.threads[1].lost[PW_LOST_OPEN], 0u);
}

TEST(RegionWriter, MarksNothingWhereItIsOff) {
  const perfwatt::Region nothing("nothing");
  EXPECT_EQ(perfwatt_region_named("nothing"), 0u);
  EXPECT_FALSE(perfwatt_mark_start_(0, 1));
}

TEST(RegionWriter, KnowsItsCost) {
  const auto cost = cost_of_mark();
  ASSERT_TRUE(cost);
  EXPECT_GT(cost->value, 0);
}

}  // namespace
}  // namespace pw
