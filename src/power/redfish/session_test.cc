// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/session.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "power/redfish/test_service.h"

namespace pw {
namespace {

using test::FakeHttp;
using test::http_answer;
using test::http_trouble;
using test::RedfishService;
using test::redirect_to;
using Trouble = HttpAnswer::Trouble;

constexpr const char* kChassis = "/redfish/v1/Chassis";
constexpr const char* kSessions = "/redfish/v1/SessionService/Sessions";

Nanoseconds session_now;
Nanoseconds session_clock() { return session_now; }

class Session : public testing::Test {
 protected:
  void open(const std::string& password = "secret") {
    session_now = {};
    RedfishAddress address;
    address.user = "admin";
    address.host = "bmc";
    session_ = std::make_unique<RedfishSession>(std::make_unique<FakeHttp>(service_), address, password,
                                                session_clock);
  }
  // What GET of the chassis says, by turns, instead of what stands there.
  void chassis_says(const HttpAnswer& answer) {
    service_->fault = [answer](const HttpRequest& request) {
      return request.path == kChassis ? std::optional(answer) : std::nullopt;
    };
  }

  std::shared_ptr<RedfishService> service_ = std::make_shared<RedfishService>();
  std::unique_ptr<RedfishSession> session_;
};

TEST_F(Session, IsMadeOnceAndDeletedAtTheEnd) {
  open();
  ASSERT_TRUE(session_->log_in());
  EXPECT_EQ(service_->requests.at(0).path, "/redfish/v1/");
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(session_->object(kChassis));
  EXPECT_EQ(service_->asked("POST", kSessions), 1U);
  EXPECT_EQ(service_->requests.back().token, "token-1");
  EXPECT_EQ(service_->requests.back().credentials, "");
  EXPECT_EQ(session_->reconnects(), 0);
  session_.reset();
  EXPECT_EQ(service_->asked("DELETE", std::string(kSessions) + "/1"), 1U);
  EXPECT_TRUE(service_->tokens.empty());
}

TEST_F(Session, WhereTheServiceHasItsThingsIsFollowed) {
  service_->pages["/redfish/v1/"] =
      R"({"Chassis": {"@odata.id": "/redfish/v1/Boxes"}, "Links": {"Sessions": {"@odata.id": "/redfish/v1/S"}}})";
  open();
  ASSERT_TRUE(session_->log_in());
  EXPECT_EQ(session_->chassis_path(), "/redfish/v1/Boxes");
  EXPECT_EQ(service_->asked("POST", "/redfish/v1/S"), 1U);
}

TEST_F(Session, OneThatHasEndedIsOpenedAgainWithinTheSameReading) {
  open();
  ASSERT_TRUE(session_->object(kChassis));
  service_->tokens.clear();
  EXPECT_TRUE(session_->object(kChassis));
  EXPECT_EQ(service_->sessions_made, 2);
  EXPECT_EQ(session_->reconnects(), 1);
  EXPECT_EQ(service_->asked("GET", "/redfish/v1/"), 1U);
}

// A BMC locks an account after some wrong passwords.
TEST_F(Session, AWrongPasswordIsSentOnce) {
  open("wrong");
  EXPECT_FALSE(session_->log_in());
  EXPECT_TRUE(session_->refused());
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(session_->object(kChassis));
    EXPECT_EQ(session_->last().status, 401);
    session_now += {3600'000'000'000};
  }
  EXPECT_EQ(service_->asked("POST", kSessions), 1U);
  EXPECT_EQ(service_->asked("GET", kChassis), 0U);
}

TEST_F(Session, APasswordThatIsNoLongerTakenIsSentOnce) {
  for (const bool sessions : {true, false}) {
    *service_ = {};
    if (!sessions) service_->sessions_refused = 404;
    open();
    ASSERT_TRUE(session_->object(kChassis));
    EXPECT_FALSE(session_->refused());
    service_->requests.clear();
    service_->tokens.clear();
    service_->fault = [](const HttpRequest&) { return std::optional(http_answer(401)); };
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(session_->object(kChassis));
    std::size_t sent = 0;
    for (const HttpRequest& request : service_->requests)
      sent += !request.body.empty() || !request.credentials.empty();
    EXPECT_EQ(sent, 1U) << sessions;
    EXPECT_TRUE(session_->refused());
  }
}

// The session has ended, there are no sessions any more, and basic authentication is not taken.
TEST_F(Session, APasswordThatIsRefusedOnTheSecondWayIsSentOnceThere) {
  open();
  ASSERT_TRUE(session_->object(kChassis));
  service_->requests.clear();
  service_->sessions_refused = 404;
  chassis_says(http_answer(401));
  for (int i = 0; i < 5; ++i, session_now += {60'000'000'000}) EXPECT_FALSE(session_->object(kChassis));
  const auto with_password = [](const HttpRequest& request) { return !request.credentials.empty(); };
  EXPECT_EQ(std::ranges::count_if(service_->requests, with_password), 1);
  EXPECT_TRUE(session_->refused());
}

TEST_F(Session, ALogInThatDoesNotHelpIsTriedLessAndLessOften) {
  open();
  ASSERT_TRUE(session_->object(kChassis));
  chassis_says(http_answer(401));  // whatever the token
  service_->requests.clear();
  for (int i = 0; i < 480; ++i, session_now += {250'000'000})
    EXPECT_FALSE(session_->object(kChassis));  // for two minutes
  EXPECT_LE(service_->asked("POST", kSessions), 10U);
  EXPECT_FALSE(session_->refused()) << "the password was taken";
  service_->fault = nullptr;
  EXPECT_TRUE(session_->object(kChassis));
}

TEST_F(Session, ABusyLogInIsTriedLessAndLessOften) {
  service_->sessions_refused = 503;
  open();
  for (int i = 0; i < 480; ++i, session_now += {250'000'000}) EXPECT_FALSE(session_->object(kChassis));
  EXPECT_LE(service_->asked("POST", kSessions), 10U);
  service_->sessions_refused.reset();
  session_now += {60'000'000'000};
  EXPECT_TRUE(session_->object(kChassis));
}

TEST_F(Session, ThePasswordIsRedirectedOnce) {
  service_->fault = [](const HttpRequest& request) {
    return std::string_view(request.method) == "POST" ? std::optional(redirect_to(kSessions)) : std::nullopt;
  };
  open();
  EXPECT_FALSE(session_->log_in());
  EXPECT_EQ(service_->asked("POST", kSessions), 2U);
}

TEST_F(Session, WithoutSessionsThereIsBasicAuthentication) {
  for (const long status : {400, 404, 405, 501, 200}) {
    *service_ = {};
    service_->sessions_refused = status;
    open();
    ASSERT_TRUE(session_->log_in()) << status;
    EXPECT_TRUE(session_->object(kChassis)) << status;
    EXPECT_EQ(service_->requests.back().credentials, "admin:secret") << status;
    EXPECT_EQ(service_->requests.back().token, "") << status;
    session_.reset();
    EXPECT_EQ(std::string(service_->requests.back().method), "GET") << "there is nothing to delete";
  }
}

TEST_F(Session, ABusyServiceIsNoReasonToSendThePasswordWithEachRequest) {
  for (const long status : {401, 403, 429, 500, 503}) {
    *service_ = {};
    service_->sessions_refused = status;
    open();
    EXPECT_FALSE(session_->log_in()) << status;
    EXPECT_EQ(session_->last().status, status);
    for (const HttpRequest& request : service_->requests) EXPECT_EQ(request.credentials, "") << status;
  }
}

TEST_F(Session, ARedirectOnTheSameHostIsFollowedAndNoOther) {
  open();
  ASSERT_TRUE(session_->log_in());
  service_->pages["/redfish/v1/Chassis/"] = "{}";
  for (const char* same : {"/redfish/v1/Chassis/", "https://bmc/redfish/v1/Chassis/"}) {
    chassis_says(redirect_to(same));
    EXPECT_TRUE(session_->object(kChassis)) << same;
  }
  const std::size_t before = service_->requests.size();
  const char* const others[] = {"https://192.0.2.1/redfish/v1/Chassis/",
                                "https://bmc.evil.example/redfish/v1/Chassis/",
                                "http://bmc/redfish/v1/Chassis/",
                                "//192.0.2.1/redfish/v1/Chassis/",
                                "redfish/v1/Chassis/",
                                "/redfish/v1/Chassis/ x",
                                ""};
  for (const char* other : others) {
    chassis_says(redirect_to(other));
    EXPECT_FALSE(session_->object(kChassis)) << other;
    EXPECT_EQ(session_->last().what, "HTTP 302 to another place, which is not followed") << other;
  }
  EXPECT_EQ(service_->requests.size(), before + std::size(others));
}

TEST_F(Session, ACircleOfRedirectsEnds) {
  open();
  ASSERT_TRUE(session_->log_in());
  chassis_says(redirect_to(kChassis));
  EXPECT_FALSE(session_->object(kChassis));
  EXPECT_EQ(service_->asked("GET", kChassis), 4U);
}

TEST_F(Session, WhatIsNoJsonObjectIsSaid) {
  open();
  ASSERT_TRUE(session_->log_in());
  const std::string deep = std::string(65, '[') + std::string(65, ']');
  for (const std::string& body : {std::string(), std::string("<html>"), std::string("[1]"),
                                  std::string("{\"a\":"), "{\"a\":" + deep + "}"}) {
    chassis_says(http_answer(200, body));
    EXPECT_FALSE(session_->object(kChassis)) << body;
    EXPECT_EQ(session_->last().what, "an answer that is no JSON object") << body;
  }
}

TEST_F(Session, AServiceThatIsNoneIsLeftWithoutThePassword) {
  for (const HttpAnswer& answer :
       {http_answer(200, "<html>"), http_answer(404), http_trouble(Trouble::lost, "refused"),
        http_trouble(Trouble::timeout, "timed out"), http_trouble(Trouble::certificate, "self-signed")}) {
    *service_ = {};
    service_->fault = [&](const HttpRequest&) { return std::optional(answer); };
    open();
    EXPECT_FALSE(session_->log_in());
    EXPECT_EQ(session_->last().what, answer.what);
    EXPECT_EQ(service_->requests.size(), 1U);
    EXPECT_EQ(service_->requests[0].body, "");
  }
}

// Its end would wait for a BMC that is silent.
TEST_F(Session, AfterATimeOutThereIsNoFarewell) {
  open();
  ASSERT_TRUE(session_->log_in());
  chassis_says(http_trouble(Trouble::timeout, "timed out"));
  EXPECT_FALSE(session_->object(kChassis));
  EXPECT_EQ(session_->last().trouble, Trouble::timeout);
  service_->fault = nullptr;
  session_.reset();
  EXPECT_EQ(std::string(service_->requests.back().method), "GET");
}

}  // namespace
}  // namespace pw
