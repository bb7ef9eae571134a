// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/checked_reader.h"

#include <gmock/gmock.h>

#include <utility>

#include "power/reader/no_value.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Channel named_channel(std::string name, std::string device, std::string scope = "a rail") {
  Channel channel;
  channel.name = std::move(name);
  channel.device = std::move(device);
  channel.scope = std::move(scope);
  return channel;
}

// One value of each channel a reading; the time is the number of the reading in tenths of a second.
class ValueReader : public PowerReader {
 public:
  ValueReader(std::string name, std::vector<Channel> channels)
      : name_(std::move(name)), channels_(std::move(channels)) {}
  PowerSource describe() const override {
    PowerSource source;
    source.name = name_;
    source.rate_hz = 10;
    return source;
  }
  std::vector<Channel> channels() const override { return channels_; }
  void read_into(std::vector<PowerSample>& samples) override {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      PowerSample sample;
      sample.channel = static_cast<int>(i);
      sample.time = Nanoseconds{100'000'000} * tenths;
      sample.watts = watts;
      samples.push_back(sample);
    }
    ++tenths;
  }
  std::vector<std::string> take_warnings() override { return std::exchange(own_, {}); }

  Watts watts;
  std::int64_t tenths = 0;

 private:
  std::string name_;
  std::vector<Channel> channels_;
  std::vector<std::string> own_ = {"its own"};
};

class Checked : public testing::Test {
 protected:
  explicit Checked(Channel channel = named_channel("system", "x", std::string(kWholeMachine))) {
    auto inner = std::make_unique<ValueReader>("hwmon", std::vector{std::move(channel)});
    values_ = inner.get();
    reader_.emplace(std::move(inner));
    reader_->take_warnings();
  }
  PowerSample read(double watts) {
    values_->watts = {watts};
    return reader_->read().front();
  }
  // "ok" or "no-value" of each.
  std::vector<std::string> statuses(const std::vector<double>& watts) {
    std::vector<std::string> found;
    for (const double one : watts) {
      const PowerSample sample = read(one);
      found.emplace_back(to_text(sample.status));
      EXPECT_EQ(usable(sample), sample.status == SampleStatus::ok);
    }
    return found;
  }

  ValueReader* values_;
  std::optional<CheckedReader> reader_;
};

TEST_F(Checked, WhatMeansNoValueIsDroppedCountedAndSaid) {
  EXPECT_EQ(read(200).watts, Watts{200});
  for (int i = 0; i < 12; ++i) EXPECT_EQ(read(4294967.295).status, SampleStatus::no_value);
  EXPECT_THAT(reader_->take_warnings(),
              ElementsAre(HasSubstr("system: 4294967.295 W means no value (0xFFFFFFFF milliwatts"),
                          HasSubstr("dropped (10 readings so far)")));
  EXPECT_EQ(read(0.027).status, SampleStatus::no_value);
  EXPECT_EQ(read(2e6).status, SampleStatus::no_value);
  EXPECT_EQ(read(-3).status, SampleStatus::no_value);
  EXPECT_EQ(read(200).status, SampleStatus::ok);
}

TEST_F(Checked, AZeroForAMomentIsDroppedAndOneThatLastsIsKeptAndSaid) {
  EXPECT_THAT(statuses({200, 0, 0, 0, 200}), ElementsAre("ok", "no-value", "no-value", "no-value", "ok"));
  EXPECT_THAT(reader_->take_warnings(), ElementsAre("system: 0 W for a moment means no value: dropped"));
  const auto lasting = statuses({0, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_THAT(lasting,
              ElementsAre("no-value", "no-value", "no-value", "no-value", "no-value", "ok", "ok", "ok"));
  EXPECT_THAT(reader_->take_warnings(), testing::Contains(HasSubstr("0 W, and not for a moment")));
}

// Ten readings a period: a moment is as long as it was.
TEST_F(Checked, AMomentOfManyReadingsIsOneToo) {
  read(200);
  values_->tenths = 10;
  for (int i = 0; i < 30; ++i) {
    values_->tenths = 11 + i / 10;
    EXPECT_EQ(read(0).status, SampleStatus::no_value) << i;
  }
}

class CheckedRail : public Checked {
 protected:
  static Channel rail() {
    Channel channel = named_channel("rail", "x");
    channel.step = 1;
    return channel;
  }
  CheckedRail() : Checked(rail()) {}
};

// 20 steps are asked for; a rail may draw little, and nothing.
TEST_F(CheckedRail, AZeroBesideLittleIsAValue) {
  EXPECT_THAT(statuses({19, 0, 0.5, 20, 0, 20}), ElementsAre("ok", "ok", "ok", "ok", "no-value", "ok"));
}

TEST(NoValue, ByItsSource) {
  const Channel machine = named_channel("system", "", std::string(kWholeMachine));
  EXPECT_THAT(why_no_value("dcmi", machine, {65535}), HasSubstr("65535 W means no value"));
  EXPECT_THAT(why_no_value("redfish", machine, {65535}), HasSubstr("65535 W means no value"));
  EXPECT_THAT(why_no_value("hwmon", machine, {4294.967295}), HasSubstr("0xFFFFFFFF microwatts"));
  EXPECT_THAT(why_no_value("redfish", machine, {1.5e6}), HasSubstr("more than can be (1e+06 W)"));
  EXPECT_THAT(why_no_value("nvml", named_channel("GPU 0", ""), {2e4}), HasSubstr("more than can be"));
  EXPECT_THAT(why_no_value("dcmi", machine, {65534}), IsEmpty());
  EXPECT_THAT(why_no_value("exec", machine, {65535}), IsEmpty());
  EXPECT_THAT(why_no_value("exec", machine, {0.027}), IsEmpty());  // of a board on a bench
  EXPECT_THAT(why_no_value("hwmon", named_channel("rail", ""), {0.027}), IsEmpty());
  EXPECT_THAT(why_no_value("hwmon", machine, {0}), IsEmpty());
}

std::vector<std::string> distinct(std::vector<Channel> channels) {
  CheckedReader reader(std::make_unique<ValueReader>("x", std::move(channels)));
  std::vector<std::string> texts;
  for (const Channel& channel : reader.channels()) texts.push_back(channel.name + "|" + channel.scope);
  return texts;
}

// By what of their paths differs: the device, or the input where the device is one.
TEST(DistinctNames, AreMadeOfTheDevicesOfWhatHasOne) {
  EXPECT_THAT(distinct({named_channel("power", "/hwmon/hwmon3/power1_average", std::string(kWholeMachine)),
                        named_channel("power", "/hwmon/hwmon4/power1_average", std::string(kWholeMachine)),
                        named_channel("other", "/hwmon/hwmon4/power2_average")}),
              ElementsAre("power (hwmon3)|whole machine", "power (hwmon4)|whole machine", "other|a rail"));
  EXPECT_THAT(distinct({named_channel("CPU", "/hwmon/hwmon0/power1_input"),
                        named_channel("CPU", "/hwmon/hwmon0/power2_input")}),
              ElementsAre("CPU (hwmon0 power1_input)|a rail (hwmon0 power1_input)",
                          "CPU (hwmon0 power2_input)|a rail (hwmon0 power2_input)"));
  EXPECT_THAT(distinct({named_channel("PSU", "/redfish/v1/Chassis/1/Power#/PowerSupplies/0"),
                        named_channel("PSU", "/redfish/v1/Chassis/1/Power#/PowerSupplies/1")}),
              ElementsAre("PSU (PowerSupplies 0)|a rail (PowerSupplies 0)",
                          "PSU (PowerSupplies 1)|a rail (PowerSupplies 1)"));
  EXPECT_THAT(distinct({named_channel("watts", "column 2"), named_channel("watts", "column 3")}),
              ElementsAre("watts (column 2)|a rail (column 2)", "watts (column 3)|a rail (column 3)"));
  EXPECT_THAT(distinct({named_channel("x", ""), named_channel("x", "")}),
              ElementsAre("x (#1)|a rail (#1)", "x (#2)|a rail (#2)"));
}

}  // namespace
}  // namespace pw
