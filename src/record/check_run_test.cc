// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/check_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "record/metric_events.h"

namespace pw {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

RunRequest request_of(std::vector<std::string> command = {"true"}) {
  RunRequest request;
  request.command = std::move(command);
  return request;
}

RunRequest request_until_end() {
  RunRequest request;
  request.target.processes = std::to_string(::getpid());
  return request;
}

void expect_refused(const RunRequest& request, Failure kind, const std::string& words) {
  const auto run = check_run(request);
  ASSERT_FALSE(run) << words;
  EXPECT_EQ(run.error().kind, kind);
  EXPECT_THAT(one_line(run.error()), HasSubstr(words));
}

TEST(CheckRun, FillsInTheExperiment) {
  RunRequest request = request_of({"sleep", "1"});
  request.arranged.items = "500";
  request.captures = {"acc=ACC: (.*)"};
  request.events = "cycles,page-faults";
  request.cpus = "0";
  request.target.interval = Seconds{0.5};
  request.target.delay = Seconds{0.1};
  const auto run = check_run(request);
  ASSERT_TRUE(run) << one_line(run.error());
  EXPECT_EQ(run->experiment.tests, 11);
  EXPECT_EQ(run->experiment.warmups, 1);
  EXPECT_EQ(run->experiment.idle, Seconds{10});
  EXPECT_EQ(run->experiment.items, 500);
  EXPECT_EQ(run->experiment.interval, Seconds{0.5});
  EXPECT_EQ(run->experiment.delay, Seconds{0.1});
  EXPECT_THAT(run->experiment.command, ElementsAre("sleep", "1"));
  EXPECT_EQ(run->child.command, run->experiment.command);
  EXPECT_TRUE(run->child.cpus);
  EXPECT_EQ(run->captures.size(), 1u);
  EXPECT_EQ(run->experiment.captures.front().name, "acc");
  EXPECT_TRUE(run->events_named);
  ASSERT_EQ(run->events.size(), 2u);
  EXPECT_EQ(run->events[1].name, "page-faults");
}

TEST(CheckRun, CountsTheStudysEventsWhereNoneIsNamed) {
  const auto run = check_run(request_of());
  ASSERT_TRUE(run);
  EXPECT_EQ(run->events.size(), default_events().size());
  EXPECT_FALSE(run->events_named);
}

TEST(CheckRun, RefusesWhatContradictsItself) {
  RunRequest request = request_of();
  request.target.per = "core";
  expect_refused(request, Failure::input, "add -a, or -C LIST");
  request.target.per = "thread";
  request.target.delay = Seconds{1};
  expect_refused(request, Failure::input, "counts from its start");
  request.target = {};
  request.target.processes = "1";
  request.target.all_cpus = true;
  expect_refused(request, Failure::input, "exclude each other");
  request.target = {};
  request.target.cpus = "0";
  request.target.per = "thread";
  expect_refused(request, Failure::input, "write --per cpu");
}

TEST(CheckRun, RefusesWhatIsUnknown) {
  expect_refused(request_of({}), Failure::input, "no command to measure");
  expect_refused(request_of({"no-such-program"}), Failure::command, "there is no such program");
  RunRequest request = request_of();
  request.captures = {"acc"};
  expect_refused(request, Failure::input, "NAME=REGEX");
  request.captures = {"acc=["};
  expect_refused(request, Failure::input, "not a regular expression");
  request = request_of();
  request.events = "cycels";
  expect_refused(request, Failure::input, "cycles");
  request = request_of();
  request.metrics = "no-such-metric";
  expect_refused(request, Failure::input, "no-such-metric");
  request = request_of();
  request.cpus = "x";
  expect_refused(request, Failure::input, "not a list of CPUs");
  request = request_of();
  request.user = "no such user";
  expect_refused(request, Failure::input, "there is no user");
  request = request_of();
  request.target.cpus = "4095";
  expect_refused(request, Failure::not_possible, "not online");
  request.target = {};
  request.target.processes = "x";
  expect_refused(request, Failure::input, "no process number");
}

TEST(CheckRun, AStopRuleNeedsFiveTests) {
  RunRequest request = request_of();
  request.stop_when = "elapsed:1%";
  const auto run = check_run(request);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->experiment.tests, 100);
  EXPECT_EQ(run->stop_when->width, 0.01);
  request.tests = 4;
  expect_refused(request, Failure::input, "5 tests at least");
  request.stop_when = "elapsed";
  expect_refused(request, Failure::input, "EVENT:WIDTH%");
}

TEST(CheckRun, WhatIsDecidedIsWhichOfTheVariantsInTurn) {
  RunRequest request = request_of();
  request.until_decided = "elapsed 2%";
  expect_refused(request, Failure::input, "no two variants");
  request.arranged.parameters = {"t=1,2"};
  const auto run = check_run(request);
  ASSERT_TRUE(run) << one_line(run.error());
  EXPECT_EQ(run->experiment.tests, 100);
  EXPECT_EQ(run->stop_when->width, 0.02);
  EXPECT_TRUE(run->stop_when->of_variants());
  EXPECT_EQ(run->experiment.procedure.back().key, "until-decided");
  EXPECT_EQ(run->experiment.procedure.back().value, "elapsed 2%");
  request.tests = 4;
  expect_refused(request, Failure::input, "5 tests at least");
  request.tests.reset();
  request.until_decided = "elapsed";
  expect_refused(request, Failure::input, "NAME:WIDTH%");
  request.until_decided = "elapsed 2%";
  request.stop_when = "elapsed:1%";
  expect_refused(request, Failure::input, "two rules");
  request.stop_when.clear();
  request.arranged.order = "blocked";
  expect_refused(request, Failure::input, "blocked");
}

TEST(CheckRun, WithoutACommandThereIsOneTestUntilTheProcessesEnd) {
  RunRequest request = request_until_end();
  const auto run = check_run(request);
  ASSERT_TRUE(run) << one_line(run.error());
  EXPECT_EQ(run->experiment.tests, 1);
  EXPECT_EQ(run->experiment.warmups, 0);
  EXPECT_THAT(run->experiment.command.front(), HasSubstr("until process " + request.target.processes));
  EXPECT_EQ(run->child.command[1], kWaitFor);
  EXPECT_EQ(run->child.command.back(), request.target.processes);
  request.tests = 2;
  expect_refused(request, Failure::input, "without a COMMAND there is one test");
  request.tests.reset();
  request.stop_when = "elapsed:1%";
  expect_refused(request, Failure::input, "without a COMMAND there is one test");
}

TEST(CheckRun, TheCommandMayRunAsWhoWeAre) {
  RunRequest request = request_of();
  const char* name = ::getenv("USER");
  request.user = name && ::getuid() != 0 ? name : "root";
  const auto run = check_run(request);
  if (run)
    EXPECT_EQ(run->child.user->name, request.user);
  else
    EXPECT_EQ(run.error().kind, Failure::not_possible);
}

TEST(MetricEvents, AddWhatMetricsNeedToTheEventsThatAreNamed) {
  const auto events = events_for_metrics(Root(), "page-faults", "ipc");
  ASSERT_TRUE(events) << one_line(events.error());
  std::vector<std::string> names;
  for (const EventRequest& request : events->requests) names.push_back(request.name);
  EXPECT_EQ(names.front(), "page-faults");
  EXPECT_THAT(names, Contains("instructions"));
  EXPECT_THAT(names, Contains("cycles"));
  EXPECT_EQ(events->warning, "");
  EXPECT_EQ(events_for_metrics(Root(), "", "ipc")->requests.front().name, "cycles");
}

TEST(MetricEvents, NameTheCpusOwnPmuAsThisMachineCallsIt) {
  EXPECT_EQ(machine_event(Root("/nowhere"), "cpu/inst_retired/"), "cpu/inst_retired/");
  EXPECT_EQ(machine_event(Root("/nowhere"), "cycles"), "cycles");
}

}  // namespace
}  // namespace pw
