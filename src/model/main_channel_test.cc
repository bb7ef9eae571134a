// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/main_channel.h"

#include <gtest/gtest.h>

namespace pw {
namespace {

Recording of_scopes(const std::vector<std::string>& scopes) {
  Recording recording;
  PowerSource source;
  source.name = "dcmi";
  recording.sources = {source};
  for (const std::string& scope : scopes) {
    Channel channel;
    channel.name = "c" + std::to_string(recording.channels.size());
    channel.scope = scope;
    recording.channels.push_back(channel);
  }
  return recording;
}

TEST(MainChannel, IsTheFirstOfTheWholeMachineElseTheFirst) {
  EXPECT_EQ(main_channel(of_scopes({"socket 0", "whole machine, by its BMC", "whole machine"})), 1U);
  EXPECT_EQ(whole_machine(of_scopes({"socket 0", "socket 1"})), std::nullopt);
  EXPECT_EQ(main_channel(of_scopes({"socket 0", "socket 1"})), 0U);
  EXPECT_EQ(main_channel(of_scopes({})), std::nullopt);
}

TEST(MainChannel, OfManyThoseOfTheWholeMachineAreToldInFull) {
  const Recording few = of_scopes({"a", "b", "whole machine"}),
                  many = of_scopes({"a", "b", "c", "whole machine"}), none = of_scopes({"a", "b", "c", "d"});
  EXPECT_TRUE(told_in_full(few, 0));
  EXPECT_FALSE(told_in_full(many, 0));
  EXPECT_TRUE(told_in_full(many, 3));
  EXPECT_TRUE(told_in_full(none, 2));
  EXPECT_FALSE(told_in_full(none, 3));
  EXPECT_EQ(channel_prefix(none, 3), "dcmi/c3/");
}

}  // namespace
}  // namespace pw
