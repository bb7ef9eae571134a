// SPDX-License-Identifier: GPL-3.0-or-later
// From an eBMC's pages to joules, without a network. Pages as in ibm-openbmc/dev#1815, ibm-openbmc/bmcweb#328
// and #677; component sensors as in open-power/op-test#769.
#include "power/redfish/history_reader.h"

#include <fmt/chrono.h>
#include <gmock/gmock.h>

#include <cmath>

#include "power/redfish/redfish.h"
#include "power/redfish/test_service.h"

namespace pw {
namespace {

using test::at;
using test::collection;
using test::FakeHttp;
using test::http_answer;
using test::link;
using test::RedfishService;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kOneChassis = "/redfish/v1/Chassis/one";
const std::string kSubsystem = kOneChassis + "/PowerSubsystem";
constexpr double kEpoch = 1'700'000'000;  // of the BMC, when ours is 0

Nanoseconds history_now;
Nanoseconds history_clock() { return history_now; }
std::string iso(double unix_s) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}+00:00", fmt::gmtime(static_cast<std::time_t>(unix_s)));
}

class History : public testing::Test {
 protected:
  History() {
    history_now = at(1000);
    address_.user = "admin";
    address_.host = "bmc";
    service_->date = [] {
      const auto now = static_cast<std::time_t>(kEpoch + to_seconds(history_now).value);
      return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
    };
    service_->pages[kOneChassis] = Json{
        {"EnvironmentMetrics", link(kOneChassis + "/EnvironmentMetrics")},
        {"PowerSubsystem",
         link(kSubsystem)}}.dump();
    service_->pages[kSubsystem] = Json{{"PowerSupplies", link(kSubsystem + "/PowerSupplies")}}.dump();
    service_->pages[kSubsystem + "/PowerSupplies"] = collection({supply(0), supply(1)}).dump();
    for (const int i : {0, 1})
      service_->pages[supply(i)] = Json{{"Metrics", link(supply(i) + "/Metrics")}}.dump();
    show();
  }
  static std::string supply(int i) { return kSubsystem + "/PowerSupplies/powersupply" + std::to_string(i); }
  static std::string metrics(int i) { return supply(i) + "/Metrics"; }

  // What both supplies tell now: bins that end at multiples of 30 s, and 2 s more of the second.
  void show() {
    for (const int i : {0, 1}) {
      Json items = Json::array();
      const double now = to_seconds(history_now).value;
      for (double end = 30 * std::floor((now - 2 * i) / 30); end > now - 600; end -= 30)
        if (!missing_.contains({i, end}))
          items.push_back(
              {{"Average", watts(end) / 2 + i}, {"Date", iso(kEpoch + end + 2 * i)}, {"Maximum", 999}});
      service_->pages[metrics(i)] = Json{{"Oem", {{"IBM", {{"InputPowerHistoryItems", items}}}}}}.dump();
    }
  }
  // Of the bin that ends so.
  static double watts(double end) { return end > 1150 && end < 1320 ? 1000 : 400; }

  std::unique_ptr<PowerReader> open() {
    bool transient = false;
    auto reader = open_redfish_over(std::make_unique<FakeHttp>(service_), address_, "secret", 1, transient,
                                    history_clock);
    EXPECT_TRUE(reader) << one_line(reader.error());
    return reader ? std::move(*reader) : nullptr;
  }
  // Reads once a second until then: the samples of one channel.
  std::vector<PowerSample> read_until(PowerReader& reader, double end, int channel = 1) {
    std::vector<PowerSample> all;
    for (; history_now < at(end); history_now += at(1)) {
      show();
      for (const PowerSample& sample : reader.read())
        if (sample.channel == channel) all.push_back(sample);
    }
    return all;
  }

  std::shared_ptr<RedfishService> service_ = std::make_shared<RedfishService>();
  RedfishAddress address_;
  std::set<std::pair<int, double>> missing_;
};

TEST_F(History, IsAChannelOfTheSumBesideTheReading) {
  const auto reader = open();
  ASSERT_TRUE(reader);
  const auto channels = reader->channels();
  ASSERT_THAT(channels, SizeIs(2));
  EXPECT_EQ(channels[0].name, "system");
  EXPECT_EQ(channels[1].name, "input (30 s history)");
  EXPECT_EQ(channels[1].scope, kWholeMachine);
  EXPECT_EQ(channels[1].kind, ChannelKind::accumulating);
  EXPECT_EQ(channels[1].averages, at(30));
  EXPECT_EQ(channels[1].sample_error, Watts{2});
  EXPECT_EQ(channels[1].meter, kMeterBmc);
  EXPECT_THAT(reader->left_out(), IsEmpty());
}

TEST_F(History, ItsJoulesAreTheBinsWithoutAGapAtTheBinsTimes) {
  const auto reader = open();
  ASSERT_TRUE(reader);
  const auto samples = read_until(*reader, 1500);
  ASSERT_GE(samples.size(), 16U);
  EXPECT_LT(samples.front().time, at(1000));
  for (std::size_t i = 1; i < samples.size(); ++i) {
    EXPECT_EQ(samples[i].status, SampleStatus::ok);
    const double end = 30 * std::round(to_seconds(samples[i].time).value / 30);
    // The middle of the two supplies' ends, and of the 2 s in which the BMC may have read them.
    EXPECT_NEAR(to_seconds(samples[i].time).value, end, to_seconds(samples[i].read).value / 2 + 1);
    EXPECT_LT(to_seconds(samples[i].read).value, 7);
    const double seconds = to_seconds(samples[i].time - samples[i - 1].time).value;
    EXPECT_NEAR(seconds, 30, 1);
    EXPECT_NEAR((*samples[i].joules - *samples[i - 1].joules).value, (watts(end) + 1) * seconds, 1e-6);
    ASSERT_TRUE(samples[i].sensor_time);
  }
  EXPECT_GE(samples.back().time, at(1460));
  EXPECT_THAT(reader->take_warnings(), IsEmpty());
  // Not at each reading: an answer is long.
  EXPECT_LE(service_->asked("GET", metrics(0)), 2U * 500 / 30 + 4);
}

TEST_F(History, ABinThatASupplyLacksIsAGap) {
  missing_ = {{1, 1200}};
  const auto reader = open();
  ASSERT_TRUE(reader);
  const auto samples = read_until(*reader, 1400);
  std::vector<SampleStatus> odd;
  for (const PowerSample& sample : samples)
    if (sample.status != SampleStatus::ok) odd.push_back(sample.status);
  EXPECT_THAT(odd, ElementsAre(SampleStatus::no_value, SampleStatus::reset));
  EXPECT_THAT(reader->take_warnings(), ElementsAre(HasSubstr("not every power supply")));
}

TEST_F(History, ASupplyThatIsPulledIsSaidAndIsNever0) {
  const auto reader = open();
  ASSERT_TRUE(reader);
  read_until(*reader, 1100);
  service_->fault = [](const HttpRequest& request) {
    return request.path == metrics(1) ? std::optional(http_answer(404)) : std::nullopt;
  };
  const auto samples = read_until(*reader, 1500);
  EXPECT_THAT(samples, Contains(testing::Field(&PowerSample::status, SampleStatus::no_value)));
  EXPECT_FALSE(usable(samples.back()));
  EXPECT_THAT(reader->take_warnings(), Contains(HasSubstr("powersupply1: HTTP 404: its averages")));
}

TEST_F(History, OfOneSupplyAloneIsNotTheMachines) {
  service_->pages[metrics(1)] = Json{{"Name", "Metrics"}}.dump();
  const auto service = service_;
  const auto reader = open();
  ASSERT_TRUE(reader);
  EXPECT_THAT(reader->channels(), SizeIs(1));
  EXPECT_THAT(reader->left_out(), ElementsAre(HasSubstr("power supply powersupply1 keeps none")));
  service_->pages[supply(1)] = Json{{"Status", {{"State", "Absent"}}}, {"Metrics", link(metrics(1))}}.dump();
  EXPECT_THAT(open()->channels(), SizeIs(2));
}

TEST_F(History, WithPsuEachSupplyHasItsOwn) {
  address_.psu = true;
  const auto reader = open();
  ASSERT_TRUE(reader);
  const auto channels = reader->channels();
  ASSERT_THAT(channels, SizeIs(4));
  EXPECT_EQ(channels[2].name, "powersupply0 (30 s history)");
  EXPECT_EQ(channels[3].scope, "power supply powersupply1");
  EXPECT_THAT(reader->left_out(), IsEmpty());
  const auto samples = read_until(*reader, 1100, 3);
  ASSERT_GE(samples.size(), 3U);
  const Watts power =
      (*samples[2].joules - *samples[1].joules) / to_seconds(samples[2].time - samples[1].time);
  EXPECT_NEAR(power.value, 201, 1e-6);
}

TEST_F(History, AnAC922sIsFoundBehindItsOldRest) {
  service_->pages[kOneChassis] = Json{{"Id", "chassis"}, {"Power", link(kOneChassis + "/Power")}}.dump();
  service_->pages[kOneChassis + "/Power"] = Json{
      {"PowerControl", {{{"PowerConsumedWatts", 400}}}},
      {"PowerSupplies",
       {{{"Name", "powersupply0"}, {"PowerInputWatts", 200}},
        {{"Name", "powersupply1"}}}}}.dump();
  const auto average = [](int i) {
    return "/org/open_power/sensors/aggregation/per_30s/ps" + std::to_string(i) + "_input_power/average";
  };
  service_->fault = [](const HttpRequest& request) {
    return request.path.starts_with("/org/") ? std::optional(http_answer(401)) : std::nullopt;
  };
  EXPECT_THAT(open()->channels(), SizeIs(1));
  EXPECT_EQ(service_->sessions_made, 1) << "nothing of the session is lost by asking";
  service_->fault = nullptr;
  const auto tell = [&](int i, double end) {
    Json values = Json::array();
    for (int bin = 0; bin < 20; ++bin) values.push_back({(kEpoch + end - 30 * bin) * 1000, 200});
    service_->pages[average(i)] = Json{{"data", {{"Values", values}}}}.dump();
  };
  tell(0, 990);
  EXPECT_THAT(open()->left_out(), ElementsAre(HasSubstr("power supply ps1 keeps none")));
  tell(1, 990);
  const auto reader = open();
  ASSERT_THAT(reader->channels(), SizeIs(2));
  std::vector<PowerSample> samples = reader->read();
  history_now += at(1);
  for (const PowerSample& sample : reader->read()) samples.push_back(sample);
  std::erase_if(samples, [](const PowerSample& sample) { return sample.channel == 0; });
  ASSERT_THAT(samples, SizeIs(2));
  EXPECT_NEAR((*samples[1].joules - *samples[0].joules).value, 12000, 1e-3);
}

TEST_F(History, WithoutADateItsManagerTellsTheTime) {
  service_->date = nullptr;
  EXPECT_THAT(open()->left_out(), ElementsAre(HasSubstr("the BMC tells no time")));
  service_->pages["/redfish/v1/Managers"] = collection({"/redfish/v1/Managers/bmc"}).dump();
  const auto manager = [this] {
    service_->pages["/redfish/v1/Managers/bmc"] =
        Json{{"DateTime", iso(kEpoch + to_seconds(history_now).value)}}.dump();
  };
  manager();
  const auto reader = open();
  ASSERT_THAT(reader->channels(), SizeIs(2));
  std::vector<PowerSample> samples;
  for (int i = 0; i < 10; ++i) {
    history_now += at(10);
    manager();
    const auto more = read_until(*reader, to_seconds(history_now).value + 0.5);
    samples.insert(samples.end(), more.begin(), more.end());
  }
  ASSERT_GE(samples.size(), 3U);
  EXPECT_EQ(samples.back().status, SampleStatus::ok);
}

TEST_F(History, AClockThatIsSetMakesAGap) {
  const auto reader = open();
  ASSERT_TRUE(reader);
  read_until(*reader, 1100);
  const auto before = service_->date;
  service_->date = [] {
    const auto now = static_cast<std::time_t>(kEpoch + 7200 + to_seconds(history_now).value);
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
  };
  const auto samples = read_until(*reader, 1200);
  EXPECT_FALSE(usable(samples.at(0)));
  EXPECT_THAT(reader->take_warnings(), Contains(HasSubstr("the BMC's clock was set")));
}

TEST_F(History, PartsOfTheMachineAreSensorsByName) {
  address_.sensors = true;
  const std::string sensors = kOneChassis + "/Sensors";
  service_->pages[sensors] = collection({sensors + "/power_p0_power", sensors + "/fans_a_power",
                                         sensors + "/total_power", sensors + "/p0_mem_power"})
                                 .dump();
  for (const char* id : {"/power_p0_power", "/fans_a_power"})
    service_->pages[sensors + id] = Json{{"ReadingType", "Power"}, {"Reading", 123.5}}.dump();
  const auto reader = open();
  ASSERT_TRUE(reader);
  const auto channels = reader->channels();
  ASSERT_THAT(channels, SizeIs(4));
  EXPECT_EQ(channels[1].name, "power_p0_power");
  EXPECT_EQ(channels[1].scope, "socket 0");
  EXPECT_EQ(channels[1].refresh, at(5));
  EXPECT_EQ(channels[2].scope, "fans a");
  EXPECT_THAT(reader->left_out(), ElementsAre("sensor p0_mem_power is left out: it tells no watts"));
  const auto asked = [&](const char* id) { return service_->asked("GET", sensors + id); };
  const std::size_t before = asked("/power_p0_power");
  EXPECT_THAT(read_until(*reader, 1020, 2), SizeIs(4));
  EXPECT_EQ(asked("/power_p0_power") - before, 4U);
}

}  // namespace
}  // namespace pw
