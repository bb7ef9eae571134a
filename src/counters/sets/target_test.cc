// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "os/command/test_programs.h"
#include "os/file.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Four CPUs of two sockets, the third CPU offline, and a process of two threads.
class TargetTree : public testing::Test {
 protected:
  TargetTree() {
    put("sys/devices/system/cpu/online", "0-1,3");
    for (const int cpu : {0, 1, 3}) {
      const std::string folder = "sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
      put(folder + "physical_package_id", cpu < 2 ? "0" : "8");
      put(folder + "core_id", std::to_string(cpu * 4));
    }
    put("proc/700/task/700/comm", "python3");
    put("proc/700/task/701/comm", "a\x1b[2Jb");
  }
  void put(const std::string& path, const std::string& content) {
    ASSERT_TRUE(make_folder((folder_.path() / path).parent_path()));
    ASSERT_TRUE(write_file(folder_.path() / path, content + "\n"));
  }
  Root root() const { return Root(folder_.path()); }
  std::vector<std::string> parts(const CountTarget& target) const {
    std::vector<std::string> found;
    for (const CountPlace& place : count_places(target, 5, root())) found.push_back(place.part);
    return found;
  }

 private:
  TempFolder folder_ = TempFolder::make().value();
};

TEST_F(TargetTree, TheCommandIsCountedByItsProcess) {
  const std::vector<CountPlace> places = count_places({}, 5, root());
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].pid, 5);
  EXPECT_EQ(places[0].cpu, -1);
  EXPECT_EQ(CountTarget{}.text(), "");
  EXPECT_EQ(CountTarget{}.trial().pid, 0);
}

TEST_F(TargetTree, ProcessesAreCountedByTheirThreads) {
  CountTarget target;
  target.kind = CountTarget::Kind::processes;
  target.processes = {700, 9};
  EXPECT_THAT(parts(target), ElementsAre("", ""));
  target.per = Per::thread;
  EXPECT_THAT(parts(target), ElementsAre("thread 700 python3 (and what it started)",
                                         "thread 701 a [2Jb (and what it started)"));
  EXPECT_EQ(target.text(), "process 700, 9");
  EXPECT_EQ(target.trial().pid, 700);
  EXPECT_FALSE(target.threads_of_command());
}

TEST_F(TargetTree, CpusAreNamedByWhatTheyArePartOf) {
  CountTarget target;
  target.kind = CountTarget::Kind::cpus;
  target.cpus = {1, 3, 7};
  EXPECT_THAT(parts(target), ElementsAre("", "", ""));
  target.per = Per::cpu;
  EXPECT_THAT(parts(target), ElementsAre("cpu 1", "cpu 3", "cpu 7"));
  target.per = Per::socket;
  EXPECT_THAT(parts(target), ElementsAre("socket 0", "socket 8", "socket ?"));
  target.per = Per::core;
  EXPECT_THAT(parts(target), ElementsAre("socket 0 core 4", "socket 8 core 12", "socket ? core ?"));
  EXPECT_EQ(target.text(), "CPUs 1, 3, 7");
  EXPECT_EQ(target.trial().cpu, 1);
  EXPECT_EQ(target.trial().pid, -1);
}

TEST_F(TargetTree, CountedCpusAreOnline) {
  EXPECT_THAT(parse_counted_cpus("", root()).value(), ElementsAre(0, 1, 3));
  EXPECT_THAT(parse_counted_cpus("3,0-1,0", root()).value(), ElementsAre(0, 1, 3));
  EXPECT_EQ(parse_counted_cpus("0-3", root()).error().what, "CPU 2 is not online");
  EXPECT_EQ(parse_counted_cpus("0-3", root()).error().hint, "online are 0-1,3");
  EXPECT_EQ(parse_counted_cpus("3-1", root()).error().kind, Failure::input);
}

TEST(Target, PerIsOneOfFour) {
  EXPECT_EQ(per_from("core"), Per::core);
  EXPECT_FALSE(per_from("node"));
}

TEST(Target, OnlineCpusAreOneWhereNothingIsKnown) {
  EXPECT_THAT(online_cpus(Root("/nonexistent")), ElementsAre(0));
}

TEST(Target, ProcessesAreThereAndOurs) {
  EXPECT_EQ(parse_processes("0").error().kind, Failure::input);
  EXPECT_EQ(parse_processes("1x").error().kind, Failure::input);
  EXPECT_EQ(parse_processes(std::to_string(1 << 22)).error().what, "there is no process 4194304");
  const std::string us = std::to_string(::getpid());
  EXPECT_THAT(parse_processes(us).value(), ElementsAre(::getpid()));
  EXPECT_THAT(parse_processes(us + "," + us + ", " + us).value(), ElementsAre(::getpid()));
}

}  // namespace
}  // namespace pw
