// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/pace.h"

#include <gtest/gtest.h>

namespace pw {
namespace {

// A reader of such channels.
class Kinds : public PowerReader {
 public:
  Kinds(std::vector<ChannelKind> kinds, bool cheap, bool tells = false)
      : kinds_(std::move(kinds)), cheap_(cheap), tells_(tells) {}
  PowerSource describe() const override {
    PowerSource source;
    source.rate_hz = 0.1;
    return source;
  }
  std::vector<Channel> channels() const override {
    std::vector<Channel> channels(kinds_.size());
    for (std::size_t i = 0; i < kinds_.size(); ++i) channels[i].kind = kinds_[i];
    return channels;
  }
  void read_into(std::vector<PowerSample>&) override {}
  bool cheap() const override { return cheap_; }
  bool tells_by_itself() const override { return tells_; }

 private:
  std::vector<ChannelKind> kinds_;
  bool cheap_, tells_;
};

constexpr ChannelKind kPower = ChannelKind::instantaneous, kEnergy = ChannelKind::accumulating;
constexpr Nanoseconds kTenth{100'000'000};

TEST(Pace, PowerIsReadAtRandomAndTenTimesWhereItIsCheap) {
  const Pace file = pace_of(Kinds({kPower}, true), kTenth);
  EXPECT_TRUE(file.random);
  EXPECT_EQ(file.parts, 10);
  EXPECT_FALSE(file.at_edges);
  const Pace bmc = pace_of(Kinds({kPower}, false), kTenth);
  EXPECT_TRUE(bmc.random);
  EXPECT_EQ(bmc.parts, 1);
}

TEST(Pace, NothingIsReadMoreThanAThousandTimesASecond) {
  EXPECT_EQ(pace_of(Kinds({kPower}, true), {4'000'000}).parts, 4);
  EXPECT_EQ(pace_of(Kinds({kPower}, true), {1'000'000}).parts, 1);
  EXPECT_EQ(pace_of(Kinds({kPower}, true), {100'000}).parts, 1);
}

TEST(Pace, CountersAreReadRegularlyAndAtEdges) {
  const Pace counter = pace_of(Kinds({kEnergy}, true), kTenth);
  EXPECT_FALSE(counter.random);
  EXPECT_EQ(counter.parts, 1);
  EXPECT_TRUE(counter.at_edges);
  EXPECT_FALSE(pace_of(Kinds({kEnergy}, false), kTenth).at_edges);
  const Pace both = pace_of(Kinds({kEnergy, kPower}, true), kTenth);
  EXPECT_TRUE(both.random && both.at_edges);
  EXPECT_EQ(both.parts, 10);
}

TEST(Pace, AMeterHasItsOwn) { EXPECT_FALSE(pace_of(Kinds({kPower}, false, true), kTenth).random); }

TEST(Pace, CheapCountersAreReadOnceASecondAtLeast) {
  EXPECT_EQ(rate_of(Kinds({kEnergy}, true)), 1);
  EXPECT_EQ(rate_of(Kinds({kEnergy, kPower}, true)), 1);
  EXPECT_EQ(rate_of(Kinds({kEnergy}, false)), 0.1);
  EXPECT_EQ(rate_of(Kinds({kPower}, true)), 0.1);
}

}  // namespace
}  // namespace pw
