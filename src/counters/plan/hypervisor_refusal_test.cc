// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "counters/plan/plan.h"

namespace pw {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kSwitchName = "Enable Performance Information Collection";

EventRequest event_of(const std::string& pmu) {
  EventRequest request;
  request.name = pmu + "/event/";
  request.type = 9;
  request.pmu = pmu;
  request.cpus = {0};
  return request;
}

Refusal refusal_of(int error, const EventRequest& request,
                   CountingLimits limits = {-1, true, true, "power10"}) {
  return explain_refusal(error, limits, request);
}

TEST(HypervisorRefusal, OfGpciNamesTheHmcsSwitchFirstAndThenTheOthers) {
  const Refusal refusal = refusal_of(EINVAL, event_of("hv_gpci"));
  EXPECT_EQ(refusal.status, CountStatus::not_supported);
  EXPECT_THAT(refusal.reason,
              AllOf(HasSubstr(kSwitchName), HasSubstr("HMC"), HasSubstr("a parameter is wrong"),
                    HasSubstr("this firmware does not have the request")));
  EXPECT_LT(refusal.reason.find(kSwitchName), refusal.reason.find("a parameter"));
  // Since Linux 6.9.
  const Refusal forbidden = refusal_of(EPERM, event_of("hv_gpci"));
  EXPECT_EQ(forbidden.status, CountStatus::not_permitted);
  EXPECT_THAT(forbidden.reason,
              AllOf(StartsWith(std::string("\"") + kSwitchName), Not(HasSubstr("paranoid"))));
}

TEST(HypervisorRefusal, Of24x7IsThePartitionsOrOurs) {
  EXPECT_THAT(refusal_of(EACCES, event_of("hv_24x7")).reason, HasSubstr(kSwitchName));
  EXPECT_THAT(refusal_of(EIO, event_of("hv_24x7")).reason, HasSubstr("no such chip"));
  const CountingLimits ours{2, true, true, "power10"};
  for (const char* pmu : {"hv_24x7", "hv_gpci"})
    EXPECT_THAT(refusal_of(EACCES, event_of(pmu), ours).reason, HasSubstr("perf_event_paranoid is 2")) << pmu;
}

TEST(HypervisorRefusal, AModifierAndATaskAreNamed) {
  EventRequest request = event_of("hv_gpci");
  request.modifier = "u";
  EXPECT_THAT(refusal_of(EINVAL, request).reason, HasSubstr("without :u"));
  request.modifier = "";
  request.cpus = {};
  EXPECT_THAT(refusal_of(EINVAL, request).reason, HasSubstr("-a"));
}

TEST(HypervisorRefusal, OtherPmusHaveNone) {
  EventRequest request = event_of("nest_mcs01_imc");
  request.pmu = "";
  EXPECT_THAT(refusal_of(EINVAL, request).reason, Not(HasSubstr(kSwitchName)));
  EXPECT_THAT(refusal_of(EPERM, request).reason, Not(HasSubstr(kSwitchName)));
}

// A kernel that refuses what is no event of software.
class RefusingKernel : public Opener {
 public:
  explicit RefusingKernel(int error) : error_(error) {}
  int try_open(const perf_event_attr&) override { return error_; }
  bool fits(std::span<const perf_event_attr>) override { return true; }

 private:
  int error_;
};

TEST(HypervisorRefusal, IsTheReasonOfTheEventInThePlan) {
  RefusingKernel kernel(EINVAL);
  const auto events =
      resolve_events({event_of("hv_gpci")}, kernel, Root("/nonexistent"), {-1, true, true, "power10"});
  EXPECT_EQ(events[0].event.status, CountStatus::not_supported);
  EXPECT_THAT(events[0].event.reason, HasSubstr(kSwitchName));
  EXPECT_TRUE(events[0].zero_is_doubtful);
}

TEST(HypervisorRefusal, TheCounterThatRisesIsOfTheSamePmu) {
  RefusingKernel kernel(0);
  EventRequest request = event_of("hv_gpci");
  request.rising = EventConfig{0x10, 0x20, 0x30};
  const auto events = resolve_events({request}, kernel, Root("/nonexistent"), {-1, true, true, "power10"});
  ASSERT_TRUE(events[0].rising);
  EXPECT_EQ(events[0].rising->type, 9U);
  EXPECT_EQ(events[0].rising->config, 0x10U);
  EXPECT_EQ(events[0].rising->config1, 0x20U);
  EXPECT_EQ(events[0].rising->config2, 0x30U);
}

}  // namespace
}  // namespace pw
