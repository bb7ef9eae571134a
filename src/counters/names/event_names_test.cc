// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/names/event_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(EventNames, DefaultIsTheStudysEightAndFourSoftwareEvents) {
  const auto events = default_events();
  ASSERT_EQ(events.size(), 12U);
  EXPECT_EQ(events[0].name, "cycles");
  EXPECT_EQ(events[7].name, "stalled-cycles-backend");
  EXPECT_EQ(events[8].unit, "ns");
}

TEST(EventNames, AliasesStandUnderTheCanonicalName) {
  const auto events = parse_events("cpu-cycles,idle-cycles-backend,cs,faults:u,r1E054,cycles").value();
  std::vector<std::string> names;
  for (const auto& event : events) names.push_back(event.name);
  EXPECT_THAT(names,
              ElementsAre("cycles", "stalled-cycles-backend", "context-switches", "page-faults", "r1E054"));
  EXPECT_EQ(events[3].modifier, "u");
  EXPECT_EQ(events[4].config, 0x1e054U);
}

TEST(EventNames, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(parse_events("cycels").error().hint, "did you mean 'cycles'?");
  EXPECT_EQ(parse_events("cycels").error().kind, Failure::input);
  EXPECT_THAT(parse_events("cycles:x").error().what, HasSubstr("modifier ':x'"));
  EXPECT_FALSE(parse_events(""));
  EXPECT_FALSE(parse_events("cycles,,instructions"));
  EXPECT_FALSE(parse_events("rxyz"));
}

}  // namespace
}  // namespace pw
