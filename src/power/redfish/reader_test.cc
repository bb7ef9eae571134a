// SPDX-License-Identifier: GPL-3.0-or-later
// From logging in to samples, without a network.
#include "power/redfish/reader.h"

#include <gmock/gmock.h>

#include "power/redfish/redfish.h"
#include "power/redfish/test_service.h"

namespace pw {
namespace {

using test::collection;
using test::FakeHttp;
using test::http_answer;
using test::http_trouble;
using test::link;
using test::RedfishService;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Trouble = HttpAnswer::Trouble;

constexpr const char* kMetrics = "/redfish/v1/Chassis/one/EnvironmentMetrics";
constexpr const char* kPower = "/redfish/v1/Chassis/one/Power";

// Each request takes `reader_step`.
Nanoseconds reader_now, reader_step;
Nanoseconds reader_clock() { return reader_now += reader_step; }

class Redfish : public testing::Test {
 protected:
  Redfish() {
    reader_now = reader_step = {};
    address_.user = "admin";
    address_.host = "bmc";
  }
  Result<std::unique_ptr<PowerReader>> try_open(double rate_hz = 1) {
    return open_redfish_over(std::make_unique<FakeHttp>(service_), address_, "secret", rate_hz, transient_,
                             reader_clock);
  }
  std::unique_ptr<PowerReader> open() {
    auto reader = try_open();
    EXPECT_TRUE(reader) << one_line(reader.error());
    return reader ? std::move(*reader) : nullptr;
  }
  // Two supplies beside the whole; a null one is of `second`.
  void put_supplies(const Json& first, const Json& second) {
    service_->pages["/redfish/v1/Chassis/one"] =
        Json{{"EnvironmentMetrics", link(kMetrics)}, {"Power", link(kPower)}}.dump();
    service_->pages[kPower] = Json{{"PowerSupplies",
                                    {{{"Name", "PSU 1"}, {"PowerInputWatts", first}},
                                     {{"Name", "PSU 2"}, {"PowerInputWatts", second}}}}}
                                  .dump();
    address_.psu = true;
  }
  void metrics_say(const HttpAnswer& answer) {
    service_->fault = [answer](const HttpRequest& request) {
      return request.path == kMetrics ? std::optional(answer) : std::nullopt;
    };
  }

  std::shared_ptr<RedfishService> service_ = std::make_shared<RedfishService>();
  RedfishAddress address_;
  bool transient_ = false;
};

TEST_F(Redfish, ReadsTheChassisThatTellsWatts) {
  const auto reader = open();
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->describe().address, "redfish://admin@bmc?chassis=one");
  ASSERT_EQ(reader->channels().size(), 1U);
  EXPECT_EQ(reader->channels()[0].scope, kWholeMachine);
  EXPECT_EQ(reader->channels()[0].step, 1);
  service_->pages[kMetrics] = RedfishService::watts_page(212.5).dump();
  const PowerSample sample = reader->read().at(0);
  EXPECT_EQ(sample.watts, Watts{212.5});
  EXPECT_EQ(sample.status, SampleStatus::ok);
  EXPECT_THAT(reader->take_warnings(), IsEmpty());
}

TEST_F(Redfish, EveryTroubleHasItsStatusIsSaidOnceAndEnds) {
  const auto reader = open();
  ASSERT_TRUE(reader);
  const std::pair<HttpAnswer, SampleStatus> troubles[] = {
      {http_answer(503), SampleStatus::busy},
      {http_answer(429), SampleStatus::busy},
      {http_answer(403), SampleStatus::session_lost},
      {http_answer(404), SampleStatus::error},
      {http_answer(500), SampleStatus::error},
      {http_answer(200, "garbage"), SampleStatus::error},
      {http_answer(200, "{}"), SampleStatus::error},
      {http_answer(200, RedfishService::watts_page(nullptr).dump()), SampleStatus::inactive},
      {http_answer(200, RedfishService::watts_page("a lot").dump()), SampleStatus::inactive},
      {http_trouble(Trouble::timeout, "timed out"), SampleStatus::timeout},
      {http_trouble(Trouble::lost, "refused"), SampleStatus::session_lost},
      {http_trouble(Trouble::certificate, "expired"), SampleStatus::session_lost},
      {http_trouble(Trouble::too_large, "more than 1 MiB"), SampleStatus::error}};
  for (const auto& [answer, status] : troubles) {
    metrics_say(answer);
    for (int i = 0; i < 3; ++i) {
      const PowerSample sample = reader->read().at(0);
      EXPECT_EQ(sample.status, status) << answer.what << " " << answer.body;
      EXPECT_FALSE(usable(sample));
    }
    EXPECT_EQ(reader->take_warnings().size(), 1U) << answer.what;
    service_->fault = nullptr;
    EXPECT_EQ(reader->read().at(0).watts, Watts{200});
    EXPECT_THAT(reader->take_warnings(), IsEmpty());
  }
}

// As every source's are: power/reader/checked_reader.
TEST_F(Redfish, ValuesThatCannotBeArePassedOnAndAreNoneAtFirst) {
  const auto reader = open();
  ASSERT_TRUE(reader);
  for (const double watts : {-5.0, 65535.0, 2e7}) {
    service_->pages[kMetrics] = RedfishService::watts_page(watts).dump();
    EXPECT_EQ(reader->read().at(0).watts, Watts{watts});
    EXPECT_THAT(one_line(try_open().error()), HasSubstr("the BMC knows no watts now")) << watts;
  }
}

TEST_F(Redfish, SuppliesAreToldApartByTheirPathsAndOneWithoutWattsIsLeftOut) {
  put_supplies(90, 80);
  service_->pages[kPower] = Json{
      {"PowerSupplies",
       {{{"Name", "PSU"}, {"PowerInputWatts", 90}},
        {{"Name", "PSU"}, {"PowerInputWatts", 80}},
        {{"Name", "PSU 3"}}}}}.dump();
  const auto reader = open();
  ASSERT_TRUE(reader);
  const auto channels = reader->channels();
  ASSERT_EQ(channels.size(), 3U);
  EXPECT_EQ(channels[0].device, kMetrics);
  EXPECT_EQ(channels[1].device, std::string(kPower) + "#/PowerSupplies/0");
  EXPECT_EQ(channels[2].device, std::string(kPower) + "#/PowerSupplies/1");
  EXPECT_THAT(reader->left_out(),
              ElementsAre("power supply PSU 3 is left out: the BMC tells no input watts of it"));
}

TEST(SensingInterval, IsADurationOfIso8601) {
  for (const auto& [text, seconds] : {std::pair{"PT1S", 1.0},
                                      {"PT0.5S", 0.5},
                                      {"PT1M30S", 90.0},
                                      {"P1D", 0.0},
                                      {"PT", 0.0},
                                      {"1", 0.0},
                                      {"PTxS", 0.0}})
    EXPECT_EQ(to_seconds(sensing_interval(Json{{"SensingInterval", text}})).value, seconds) << text;
  EXPECT_EQ(sensing_interval(Json{{"SensingInterval", 5}}).value, 0);
}

// libcurl says how many milliseconds it waited.
TEST_F(Redfish, ATimeOutInOtherWordsIsTheSame) {
  const auto reader = open();
  ASSERT_TRUE(reader);
  for (int i = 0; i < 5; ++i) {
    metrics_say(http_trouble(Trouble::timeout, "timed out after " + std::to_string(5000 + i) + " ms"));
    reader->read();
  }
  EXPECT_THAT(reader->take_warnings(), ElementsAre("timed out after 5000 ms"));
}

TEST_F(Redfish, ASessionThatEndsCostsNoReading) {
  const auto reader = open();
  ASSERT_TRUE(reader);
  service_->tokens.clear();
  EXPECT_EQ(reader->read().at(0).watts, Watts{200});
  EXPECT_EQ(reader->reconnects(), 1);
  EXPECT_THAT(reader->take_warnings(), IsEmpty());
}

TEST_F(Redfish, OneSupplyWithoutAReadingIsSaidOnce) {
  put_supplies(90, nullptr);
  const auto reader = open();
  ASSERT_TRUE(reader);
  for (int i = 0; i < 10; ++i) {
    const auto samples = reader->read();
    ASSERT_EQ(samples.size(), 3U);
    EXPECT_EQ(samples[0].watts, Watts{200});
    EXPECT_EQ(samples[1].watts, Watts{90});
    EXPECT_EQ(samples[2].status, SampleStatus::inactive);
    EXPECT_FALSE(usable(samples[2]));
  }
  EXPECT_THAT(reader->take_warnings(),
              ElementsAre("PSU 2: the BMC's reading is null, or no number of watts"));
  put_supplies(90, 80);
  EXPECT_EQ(reader->read().at(2).watts, Watts{80});
  put_supplies(nullptr, nullptr);
  reader->read();
  EXPECT_THAT(reader->take_warnings(), ElementsAre(HasSubstr("PSU 1: "), HasSubstr("PSU 2: ")));
}

TEST_F(Redfish, TheChannelsOfOneResourceShareItsAnswerAndItsTrouble) {
  put_supplies(90, 80);
  const auto reader = open();
  ASSERT_TRUE(reader);
  const std::size_t before = service_->asked("GET", kPower);
  reader->read();
  EXPECT_EQ(service_->asked("GET", kPower), before + 1);
  service_->fault = [](const HttpRequest&) { return std::optional(http_trouble(Trouble::lost, "refused")); };
  for (int i = 0; i < 3; ++i)
    for (const PowerSample& sample : reader->read()) EXPECT_EQ(sample.status, SampleStatus::session_lost);
  EXPECT_THAT(reader->take_warnings(), ElementsAre("refused"));
}

TEST_F(Redfish, IsReadTwiceASecondAtMostAndSaysWhatIsNotVerified) {
  address_.insecure = true;
  auto reader = try_open(50);
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->describe().rate_hz, 2);
  EXPECT_EQ((*reader)->describe().address, "redfish://admin@bmc?insecure=1&chassis=one");
  EXPECT_THAT((*reader)->take_warnings(),
              ElementsAre(HasSubstr("2 times a second"), HasSubstr("insecure=1")));
}

TEST_F(Redfish, ASlowServiceIsNotSearchedToItsEnd) {
  std::vector<std::string> paths;
  for (int i = 0; i < 20; ++i) {
    paths.push_back("/redfish/v1/Chassis/" + std::to_string(i));
    service_->pages[paths.back()] = "{}";
    service_->pages[paths.back() + "/EnvironmentMetrics"] = RedfishService::watts_page(100 + i).dump();
  }
  service_->pages["/redfish/v1/Chassis"] = collection(paths).dump();
  reader_step = {4'000'000'000};
  const auto reader = open();
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->read().at(0).watts, Watts{100});
  EXPECT_EQ(service_->asked("GET", paths[0]), 1U);
  EXPECT_EQ(service_->asked("GET", paths[19]), 0U);
}

TEST_F(Redfish, RefusalsSayWhyAndWhetherTryingAgainHelps) {
  const struct {
    HttpAnswer answer;
    const char* text;
    bool transient;
  } refusals[] = {
      {http_answer(503), "HTTP 503; the BMC is busy", true},
      {http_answer(429), "HTTP 429; the BMC is busy", true},
      {http_trouble(Trouble::timeout, "timed out"), "timed out; is that a BMC", true},
      {http_trouble(Trouble::lost, "refused"), "refused; is that a BMC", false},
      {http_trouble(Trouble::certificate, "self-signed"), "self-signed; name the CA's file", false},
      {http_trouble(Trouble::too_large, "too much"), "too much; is that a Redfish service?", false},
      {http_answer(401), "HTTP 401; check the user and PERFWATT_BMC_PASSWORD", false},
      {http_answer(200, "<html>"), "no Redfish answer; is that a Redfish service?", false}};
  for (const auto& refusal : refusals) {
    service_->fault = [&](const HttpRequest&) { return std::optional(refusal.answer); };
    const auto reader = try_open();
    ASSERT_FALSE(reader) << refusal.text;
    EXPECT_EQ(reader.error().kind, Failure::not_possible);
    EXPECT_THAT(
        one_line(reader.error()),
        HasSubstr(std::string("redfish://admin@bmc: the BMC cannot be logged in to: ") + refusal.text));
    EXPECT_EQ(transient_, refusal.transient) << refusal.text;
  }
}

TEST_F(Redfish, AServiceThatTellsNoWattsIsRefusedWithWhatItHas) {
  service_->pages[kMetrics] = RedfishService::watts_page(nullptr).dump();
  EXPECT_THAT(one_line(try_open().error()), HasSubstr("its reading is null; is the host powered on?"));
  service_->pages[kMetrics] = "{}";
  EXPECT_THAT(one_line(try_open().error()), HasSubstr("no chassis tells watts; the chassis are one"));
  address_.chassis = "two";
  EXPECT_THAT(one_line(try_open().error()), HasSubstr("no chassis 'two'; the chassis are one"));
  service_->pages["/redfish/v1/Chassis"] = "{}";
  EXPECT_THAT(one_line(try_open().error()), HasSubstr("the service has no chassis"));
}

}  // namespace
}  // namespace pw
