// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/open/sources.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>

namespace pw {
namespace {

using testing::HasSubstr;

Error error_of(const std::string& sources, std::optional<double> rate_hz = {}, bool strict = false) {
  const Result<OpenedPower> opened = open_power({sources, rate_hz, "", strict});
  return opened ? Error{} : opened.error();
}

TEST(Sources, EveryKindIsDescribed) {
  ASSERT_FALSE(power_kinds().empty());
  for (const PowerKind& kind : power_kinds()) {
    EXPECT_FALSE(kind.name.empty());
    EXPECT_FALSE(kind.summary.empty());
    EXPECT_THAT(std::string(kind.syntax), HasSubstr(std::string(kind.name)));
    EXPECT_GT(kind.default_rate_hz, 0);
  }
}

// Design §6: on POWER occ, hwmon, dcmi (redfish needs an address); elsewhere rapl, hwmon, dcmi. None of occ
// and RAPL is ever on the same machine.
TEST(Sources, TheDefaultOrder) {
  std::vector<std::string> names;
  for (const PowerKind& kind : power_kinds())
    if (kind.chosen == PowerKind::Chosen::by_default) names.emplace_back(kind.name);
  EXPECT_THAT(names, testing::ElementsAre("occ", "rapl", "perf-rapl", "hwmon", "dcmi"));
}

TEST(Sources, AProgramTakesTheRestOfTheListWithItsCommas) {
  const Result<OpenedPower> opened = open_power({"exec:echo 1,2,3; echo 2; sleep 9,zzz", {}, ""});
  ASSERT_TRUE(opened) << one_line(opened.error());
  ASSERT_EQ(opened->readers.size(), 1U);
  EXPECT_EQ(opened->readers[0]->describe().address, "exec:echo 1,2,3; echo 2; sleep 9,zzz");
  EXPECT_THAT(opened->readers[0]->take_warnings(), testing::ElementsAre(HasSubstr("'1,2,3'")));
  EXPECT_EQ(error_of("csv:/nonesuch,exec:echo 1", {}, true).where, "csv:/nonesuch");
}

TEST(Sources, ByAddressIsNeverMissingAndNeedsOne) {
  for (const char* text : {"exec", "exec:", "exec: ", "csv", "csv:", "redfish", "hmc"})
    EXPECT_EQ(error_of(text).kind, Failure::input) << text;
  for (const PowerKind& kind : power_kinds())
    if (kind.name == "exec" || kind.name == "csv") {
      EXPECT_TRUE(kind.usable_here());
    }
}

TEST(Sources, WhatCannotBeReadOfAListIsNamedAndTheOthersAreRead) {
  const Result<OpenedPower> opened = open_power({"csv:/nonesuch,exec:echo 1; sleep 9", {}, ""});
  ASSERT_TRUE(opened) << one_line(opened.error());
  EXPECT_EQ(opened->readers.size(), 1U);
  EXPECT_THAT(opened->refusals, testing::ElementsAre(HasSubstr("csv is not read: csv:/nonesuch: ")));
  EXPECT_EQ(error_of("csv:/nonesuch,exec:echo 1; sleep 9", {}, true).kind, Failure::not_possible);
  EXPECT_EQ(error_of("csv:/nonesuch").where, "csv:/nonesuch");
  EXPECT_THAT(
      error_of("csv:/nonesuch,csv:/neither").what,
      testing::AllOf(HasSubstr("no source can be used: csv:/nonesuch: "), HasSubstr("csv:/neither: ")));
  EXPECT_EQ(error_of("dmci,exec:echo 1").kind, Failure::input);
}

TEST(Sources, NoneIsNoSourceAndNoRefusal) {
  const Result<OpenedPower> opened = open_power({"none", {}, ""});
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->readers.empty());
  EXPECT_TRUE(opened->refusals.empty());
}

TEST(Sources, MistypedNamesAreInputErrors) {
  EXPECT_EQ(error_of("dmci").kind, Failure::input);
  EXPECT_THAT(error_of("dmci").hint, HasSubstr("did you mean 'dcmi'?"));
  EXPECT_THAT(error_of("zzzzzz").hint, HasSubstr("perfwatt list power"));
  EXPECT_THAT(error_of("none,dcmi").what, HasSubstr("stands alone"));
  for (const char* text : {"", ",", "dcmi://", "dcmi://a:b@c", "dcmi?x=1"})
    EXPECT_EQ(error_of(text).kind, Failure::input) << text;
}

TEST(Sources, RatesThatThereAre) {
  for (const double rate : {0.0, -1.0, 1e9, std::nan("")}) {
    EXPECT_EQ(error_of("dcmi", rate).kind, Failure::input) << rate;
    EXPECT_EQ(error_of("dcmi", rate).where, "--rate") << rate;
  }
}

TEST(Sources, ADeviceThatIsMissingIsRefusedAtOnceAndByDefaultOnlyNoted) {
  if (::access("/dev/ipmi0", F_OK) == 0) GTEST_SKIP() << "SKIPPED LOUDLY: this machine has a /dev/ipmi0";
  const Error error = error_of("dcmi");
  EXPECT_EQ(error.kind, Failure::not_possible);
  EXPECT_EQ(error.where, "/dev/ipmi0");
  EXPECT_THAT(error.hint, HasSubstr("modprobe"));
  const Result<OpenedPower> opened = open_power({});
  ASSERT_TRUE(opened);
  if (!opened->readers.empty()) GTEST_SKIP() << "SKIPPED LOUDLY: this machine has a power sensor";
  ASSERT_EQ(static_cast<std::ptrdiff_t>(opened->refusals.size()),
            std::ranges::count(power_kinds(), PowerKind::Chosen::by_default, &PowerKind::chosen));
  EXPECT_THAT(opened->refusals.back(), HasSubstr("dcmi: /dev/ipmi0"));
}

}  // namespace
}  // namespace pw
