// SPDX-License-Identifier: GPL-3.0-or-later
// From logging on to samples and bins, without a network.
#include "power/hmc/reader.h"

#include <gmock/gmock.h>

#include "power/hmc/hmc.h"
#include "power/hmc/test_hmc.h"

namespace pw {
namespace {

using test::at;
using test::FakeHmc;
using test::FakeHmcHttp;
using test::hmc_answer;
using test::hmc_now;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Trouble = HttpAnswer::Trouble;

class Hmc : public testing::Test {
 protected:
  Hmc() {
    hmc_now = at(100'000);
    address_.user = "admin";
    address_.host = "hmc";
    address_.system = "Server-A";
  }
  Result<std::unique_ptr<PowerReader>> try_open(std::vector<std::unique_ptr<HttpClient>> ways,
                                                const char* password = "secret") {
    return open_hmc_over(std::move(ways), address_, password, own_, 0.1, transient_, test::hmc_clock);
  }
  Result<std::unique_ptr<PowerReader>> try_open(const char* password = "secret") {
    std::vector<std::unique_ptr<HttpClient>> ways;
    ways.push_back(std::make_unique<FakeHmcHttp>(hmc_));
    return try_open(std::move(ways), password);
  }
  std::unique_ptr<PowerReader> open() {
    auto reader = try_open();
    EXPECT_TRUE(reader) << one_line(reader.error());
    if (!reader) return nullptr;
    (*reader)->take_warnings();
    return std::move(*reader);
  }
  std::string refusal(const char* password = "secret") {
    const auto reader = try_open(password);
    if (reader) return "opened";
    EXPECT_EQ(reader.error().kind, Failure::not_possible);
    EXPECT_THAT(reader.error().where, HasSubstr("hmc://admin@hmc/Server-A"));
    return one_line(reader.error());
  }
  void metrics_say(const HttpAnswer& answer) {
    hmc_->fault = [answer](const HttpRequest& request) {
      return request.path.find("ProcessedMetrics") != std::string::npos ? std::optional(answer)
                                                                        : std::nullopt;
    };
  }

  std::shared_ptr<FakeHmc> hmc_ = std::make_shared<FakeHmc>();
  HmcAddress address_;
  std::string own_ = "ours";
  bool transient_ = false;
};

// Joules of its samples from one time to another, both bins' ends.
double joules(const std::vector<PowerSample>& samples) {
  return (samples.back().joules->value - samples.front().joules->value);
}

TEST_F(Hmc, MeansAreAnEnergyCounterWithTheTimesOfTheServer) {
  hmc_->watts = [](std::int64_t end) { return Json(500.0 + static_cast<double>(end / 30 % 2) * 100); };
  const auto reader = open();
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->describe().address, "hmc://admin@hmc/Server-A");
  ASSERT_THAT(reader->channels(), SizeIs(1));
  EXPECT_EQ(reader->channels()[0].scope, kWholeMachine);
  EXPECT_EQ(reader->channels()[0].refresh, at(30));
  std::vector<PowerSample> all = reader->read();
  for (int i = 0; i < 30; ++i) {
    hmc_now += at(10);
    const auto more = reader->read();
    all.insert(all.end(), more.begin(), more.end());
  }
  ASSERT_GE(all.size(), 11U);
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_NEAR(to_seconds(all[i].time - all[i - 1].time).value, 30, 0.6);
    EXPECT_LE(all[i].read.value, at(1.2).value);
    EXPECT_EQ(all[i].status, SampleStatus::ok);
    // Its clock says when: epoch + CLOCK_MONOTONIC.
    EXPECT_NEAR(to_seconds(all[i].time).value, static_cast<double>(*all[i].sensor_time - hmc_->epoch), 0.6);
  }
  EXPECT_NEAR(joules(all), 550 * to_seconds(all.back().time - all.front().time).value, 3000);
  EXPECT_THAT(reader->take_warnings(), IsEmpty());
}

TEST_F(Hmc, BinsHaveTheHistoryAndWhatTheServerAndThePartitionUsed) {
  const auto reader = open();
  reader->read();
  const auto bins = reader->take_bins(false);
  ASSERT_THAT(bins, SizeIs(240));
  EXPECT_NEAR(to_seconds(hmc_now - bins[0].begin).value, 7200, 40);
  EXPECT_EQ(bins[0].watts, Watts{500});
  EXPECT_EQ(bins[0].ours, 2.5);
  EXPECT_EQ(bins[0].partitions, 6.5);
  EXPECT_EQ(bins[0].virtual_io, 1.25);
  EXPECT_EQ(bins[0].firmware, 0.25);
  EXPECT_EQ(bins[0].total, 20.0);
  hmc_now += at(65);
  reader->read();
  EXPECT_THAT(reader->take_bins(false), SizeIs(2));
  EXPECT_THAT(reader->take_bins(true), IsEmpty());
}

TEST_F(Hmc, OfBeforeThisMachineWasStartedThereAreNone) {
  hmc_now = at(100);
  const auto reader = open();
  reader->read();
  const auto bins = reader->take_bins(false);
  ASSERT_THAT(bins, SizeIs(2));
  EXPECT_GE(bins[0].begin.value, 0);
}

TEST_F(Hmc, WithoutAPartitionTheServerAloneIsRead) {
  own_ = "";
  const auto reader = open();
  reader->read();
  EXPECT_EQ(hmc_->asked("LogicalPartition"), 0U);
  EXPECT_EQ(reader->take_bins(false).at(0).ours, std::nullopt);
}

TEST_F(Hmc, WhatAFeedDoesNotTellIsUnknownAndComesLater) {
  const auto reader = open();
  hmc_->fault = [](const HttpRequest& request) {
    return request.path.find("LogicalPartition/") != std::string::npos ? std::optional(hmc_answer(403))
                                                                       : std::nullopt;
  };
  EXPECT_EQ(reader->read().back().status, SampleStatus::ok);
  EXPECT_THAT(reader->take_warnings(),
              ElementsAre(HasSubstr("use of this partition: HTTP 403 (data collection is off")));
  const auto early = reader->take_bins(false);
  ASSERT_THAT(early, SizeIs(235));  // the latest wait for it
  EXPECT_EQ(early.back().ours, std::nullopt);
  EXPECT_EQ(early.back().watts, Watts{500});
  hmc_->fault = nullptr;
  hmc_now += at(30);
  reader->read();
  const auto late = reader->take_bins(false);
  ASSERT_THAT(late, SizeIs(6));
  EXPECT_EQ(late[0].ours, 2.5);
}

TEST_F(Hmc, FailedAndPartialMeansAndThoseThatCannotBeAreGaps) {
  std::int64_t bad = 0;
  hmc_->status = [&](std::int64_t end) { return end == bad ? 2 : end == bad + 60 ? 1 : 0; };
  hmc_->watts = [&](std::int64_t end) {
    return end == bad + 120   ? Json(nullptr)
           : end == bad + 180 ? Json(0)
           : end == bad + 240 ? Json(4e9)
                              : Json(500);
  };
  const auto reader = open();
  reader->read();
  bad = hmc_->seconds() / 30 * 30 + 60;
  hmc_now += at(360);
  const auto samples = reader->read();
  std::map<SampleStatus, int> count;
  for (const PowerSample& sample : samples) ++count[sample.status];
  EXPECT_EQ(count[SampleStatus::no_value], 5);
  EXPECT_EQ(count[SampleStatus::reset], 5);
  EXPECT_THAT(reader->take_warnings(), ElementsAre(HasSubstr("failed or partial"), HasSubstr("no watts"),
                                                   HasSubstr("0 W"), HasSubstr("more than can be")));
  int unknown = 0;
  for (const ServerBin& bin : reader->take_bins(true)) unknown += !bin.watts;
  EXPECT_EQ(unknown, 4);  // what failed as a whole tells nothing at all
}

TEST_F(Hmc, EveryTroubleIsOneLineAndNothingIsLost) {
  const auto reader = open();
  auto all = reader->read();
  HttpAnswer timeout, lost;
  timeout.trouble = Trouble::timeout, timeout.what = "timed out";
  lost.trouble = Trouble::lost, lost.what = "refused";
  const std::pair<HttpAnswer, SampleStatus> troubles[] = {{hmc_answer(503), SampleStatus::busy},
                                                          {hmc_answer(403), SampleStatus::session_lost},
                                                          {hmc_answer(500), SampleStatus::error},
                                                          {hmc_answer(200, "<html>"), SampleStatus::error},
                                                          {hmc_answer(200, "garbage"), SampleStatus::error},
                                                          {timeout, SampleStatus::timeout},
                                                          {lost, SampleStatus::session_lost}};
  for (const auto& [answer, status] : troubles) {
    metrics_say(answer);
    for (int i = 0; i < 3; ++i) {
      hmc_now += at(10);
      const PowerSample sample = reader->read().at(0);
      EXPECT_EQ(sample.status, status) << answer.what << answer.body;
      EXPECT_LE(sample.time, hmc_now);
      EXPECT_FALSE(usable(sample));
    }
    EXPECT_THAT(reader->take_warnings(), SizeIs(1)) << answer.what;
    hmc_->fault = nullptr;
    hmc_now += at(30);
    const auto more = reader->read();
    all.insert(all.end(), more.begin(), more.end());
    EXPECT_THAT(reader->take_warnings(), IsEmpty());
  }
  for (const PowerSample& sample : all) EXPECT_EQ(sample.status, SampleStatus::ok);
  EXPECT_NEAR(joules(all), 500 * to_seconds(all.back().time - all.front().time).value, 1);
  EXPECT_NEAR(to_seconds(hmc_now - all.back().time).value, 15, 25);
}

TEST_F(Hmc, NoContentIsNothingNewAndASilenceIsSaidOnce) {
  const auto reader = open();
  reader->read();
  metrics_say(hmc_answer(204));
  for (int i = 0; i < 60; ++i) {
    hmc_now += at(10);
    EXPECT_THAT(reader->read(), IsEmpty());
  }
  EXPECT_THAT(reader->take_warnings(), ElementsAre("no new mean power for more than 180 s"));
}

TEST_F(Hmc, ASessionThatEndsIsOpenedAgainAndEndedAtTheEnd) {
  auto reader = open();
  reader->read();
  hmc_->token = "another's";
  hmc_now += at(30);
  EXPECT_EQ(reader->read().back().status, SampleStatus::ok);
  EXPECT_EQ(reader->reconnects(), 1);
  EXPECT_THAT(reader->take_warnings(), IsEmpty());
  reader.reset();
  EXPECT_STREQ(hmc_->requests.back().method, "DELETE");
  EXPECT_EQ(hmc_->token, "");
}

TEST_F(Hmc, AConsoleOfSlowAnswersIsReadAllTheSame) {
  hmc_->step = at(60);
  const auto reader = open();
  ASSERT_TRUE(reader);
  const auto samples = reader->read();
  ASSERT_FALSE(samples.empty());
  EXPECT_NEAR(to_seconds(samples.back().time).value,
              static_cast<double>(*samples.back().sensor_time - hmc_->epoch), 31);
  EXPECT_GE(samples.back().read.value, at(30).value) << "how far its time is known";
  hmc_now += at(60);
  EXPECT_EQ(reader->read().back().status, SampleStatus::ok);
}

TEST_F(Hmc, AClockThatIsOffIsSaidAndCorrected) {
  const auto at_start = static_cast<std::int64_t>(wall_clock_unix_s()) - hmc_now.value / 1'000'000'000;
  for (const int off : {0, 90, -90}) {
    hmc_->epoch = at_start + off;
    auto reader = try_open();
    ASSERT_TRUE(reader);
    const auto samples = (*reader)->read();
    EXPECT_NEAR(to_seconds(samples.back().time).value,
                static_cast<double>(*samples.back().sensor_time - hmc_->epoch), 0.6);
    if (off == 0)
      EXPECT_THAT((*reader)->take_warnings(), IsEmpty());
    else
      EXPECT_THAT((*reader)->take_warnings(),
                  ElementsAre(HasSubstr(off > 0 ? "s ahead of this machine's" : "s behind this machine's")));
  }
}

TEST_F(Hmc, AMeanOfTheTimeToComeIsNoneAndHidesNone) {
  const auto reader = open();
  reader->read();
  hmc_now += at(30);
  hmc_->behind = -3600;
  EXPECT_THAT(reader->read(), IsEmpty());
  hmc_->behind = 5;
  hmc_now += at(60);
  EXPECT_EQ(reader->read().back().status, SampleStatus::ok);
}

TEST_F(Hmc, AClockThatIsSetIsAGapAndNotALoss) {
  const auto reader = open();
  reader->read();
  hmc_->epoch += 600;
  hmc_now += at(60);
  const auto samples = reader->read();
  ASSERT_FALSE(samples.empty());
  EXPECT_THAT(reader->take_warnings(), testing::Contains("the HMC's clock was set"));
  EXPECT_NEAR(to_seconds(samples.back().time).value,
              static_cast<double>(*samples.back().sensor_time - hmc_->epoch), 0.6);
}

TEST_F(Hmc, TheOtherPortIsTriedWhereTheFirstDoesNotAnswer) {
  class Nobody : public HttpClient {
   public:
    HttpAnswer ask(const HttpRequest&) override {
      HttpAnswer answer;
      answer.trouble = Trouble::lost;
      answer.what = "refused";
      return answer;
    }
  };
  std::vector<std::unique_ptr<HttpClient>> ways;
  ways.push_back(std::make_unique<Nobody>());
  ways.push_back(std::make_unique<FakeHmcHttp>(hmc_));
  EXPECT_TRUE(try_open(std::move(ways)));
  std::vector<std::unique_ptr<HttpClient>> other;  // one that answers is the one
  const auto refuses = std::make_shared<FakeHmc>();
  refuses->fault = [](const HttpRequest&) { return std::optional(hmc_answer(404)); };
  other.push_back(std::make_unique<FakeHmcHttp>(refuses));
  other.push_back(std::make_unique<FakeHmcHttp>(hmc_));
  EXPECT_FALSE(try_open(std::move(other)));
  EXPECT_EQ(refuses->requests.size(), 1U);
}

TEST_F(Hmc, APasswordThatIsRefusedIsSentOnce) {
  EXPECT_THAT(
      refusal("wrong"),
      HasSubstr("the HMC cannot be logged on to: HTTP 401; check the user and PERFWATT_BMC_PASSWORD"));
  EXPECT_EQ(hmc_->asked("Logon"), 1U);
  const auto reader = open();
  hmc_->token = "another's";
  hmc_->fault = [](const HttpRequest& request) {
    return std::string_view(request.method) == "PUT" ? std::optional(hmc_answer(401)) : std::nullopt;
  };
  reader->read();
  reader->read();
  EXPECT_TRUE(reader->refused());
  EXPECT_EQ(hmc_->asked("Logon"), 3U);
}

TEST_F(Hmc, WhatIsOffIsNamedAndNeverSwitchedOn) {
  hmc_->preferences["EnergyMonitorEnabled"] = false;
  EXPECT_THAT(
      refusal(),
      testing::AllOf(HasSubstr("the power of Server-A is not monitored: EnergyMonitorEnabled is not true"),
                     HasSubstr("ask the HMC's administrator"), HasSubstr("uuid-Server-A/preferences")));
  hmc_->preferences["AggregationEnabled"] = false;
  EXPECT_THAT(refusal(), HasSubstr("EnergyMonitorEnabled and AggregationEnabled"));
  hmc_->preferences["EnergyMonitoringCapable"] = false;
  EXPECT_THAT(refusal(), HasSubstr("cannot measure its power"));
  for (const HttpRequest& request : hmc_->requests) EXPECT_STRNE(request.method, "POST");
}

TEST_F(Hmc, ServersAndPartitionsThatAreNotThereAreNamedWithThoseThatAre) {
  hmc_->systems = {"Server-B", "Server-C"};
  EXPECT_THAT(refusal(), HasSubstr("no managed system 'Server-A'; there are: Server-B, Server-C"));
  hmc_->systems = {"Server-A"};
  address_.partition = "none";
  EXPECT_THAT(refusal(), HasSubstr("Server-A has no partition 'none'; there are: ours, theirs"));
  address_.partition = "";
  own_ = "elsewhere";
  const auto reader = try_open();
  ASSERT_TRUE(reader);
  EXPECT_THAT((*reader)->take_warnings(), testing::Contains(HasSubstr("no partition 'elsewhere'")));
  for (const char* name : {"uuid-Server-A", "9009-42A*Server-A"}) {
    address_.system = name;
    EXPECT_TRUE(try_open()) << name;
  }
}

TEST_F(Hmc, RefusalsSayWhyAndWhetherTryingAgainHelps) {
  HttpAnswer certificate;
  certificate.trouble = Trouble::certificate, certificate.what = "self-signed";
  const struct {
    HttpAnswer answer;
    const char* text;
    bool transient;
  } refusals[] = {{hmc_answer(503), "HTTP 503; the HMC is busy", true},
                  {certificate, "self-signed; pin its key: fingerprint=SHA256", false},
                  {hmc_answer(200, "<html>"), "a log-on without a session; is that an HMC?", false}};
  for (const auto& each : refusals) {
    hmc_->fault = [&](const HttpRequest&) { return std::optional(each.answer); };
    EXPECT_THAT(refusal(), HasSubstr(each.text));
    EXPECT_EQ(transient_, each.transient) << each.text;
  }
  metrics_say(hmc_answer(204));
  EXPECT_THAT(refusal(), HasSubstr("no mean power of the last 2 h"));
}

}  // namespace
}  // namespace pw
