// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/warnings.h"

#include <gmock/gmock.h>

namespace pw {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Warnings, ATroubleThatLastsIsSaidOnceUntilItIsOver) {
  Warnings warnings;
  for (int i = 0; i < 3; ++i) warnings.trouble(1, 5, "lost");
  EXPECT_THAT(warnings.take(), ElementsAre("lost"));
  warnings.over(0);
  warnings.trouble(1, 5, "lost");
  EXPECT_THAT(warnings.take(), IsEmpty());
  warnings.over(1);
  warnings.trouble(1, 5, "lost");
  EXPECT_THAT(warnings.take(), ElementsAre("lost"));
}

TEST(Warnings, AnotherTroubleIsSaidAndTheSameInOtherWordsIsNot) {
  Warnings warnings;
  warnings.trouble(0, 28, "timed out after 5000 ms");
  warnings.trouble(0, 28, "timed out after 5001 ms");
  warnings.trouble(0, 503, "HTTP 503");
  EXPECT_THAT(warnings.take(), ElementsAre("timed out after 5000 ms", "HTTP 503"));
}

TEST(Warnings, PartsHaveTroublesOfTheirOwnAndShareALine) {
  Warnings warnings;
  warnings.trouble(0, 1, "the BMC is gone");
  warnings.trouble(3, 1, "the BMC is gone");
  warnings.trouble(2, 1, "PSU 2 is gone");
  EXPECT_THAT(warnings.take(), ElementsAre("the BMC is gone", "PSU 2 is gone"));
  warnings.trouble(3, 1, "the BMC is gone");
  EXPECT_THAT(warnings.take(), IsEmpty());
}

TEST(Warnings, WhatIsSimplySaidIsSaidEachTime) {
  Warnings warnings;
  warnings.say("reset");
  warnings.say("reset");
  EXPECT_THAT(warnings.take(), ElementsAre("reset", "reset"));
  EXPECT_THAT(warnings.take(), IsEmpty());
}

}  // namespace
}  // namespace pw
