// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/bmc/ipmi_error.h"

#include <freeipmi/freeipmi.h>
#include <gmock/gmock.h>

#include <set>

namespace pw {
namespace {

using testing::HasSubstr;

struct Expected {
  int code;
  SampleStatus status;
  const char* advice;  // a word of it
};

// Every code of libfreeipmi 1.6.
constexpr const char* kMore = "may tell more";
constexpr SampleStatus kLost = SampleStatus::session_lost;
constexpr Expected kExpected[] = {
    {IPMI_ERR_SUCCESS, kLost, kMore},
    {IPMI_ERR_CTX_NULL, kLost, kMore},
    {IPMI_ERR_CTX_INVALID, kLost, kMore},
    {IPMI_ERR_PERMISSION, kLost, "run as root"},
    {IPMI_ERR_USERNAME_INVALID, kLost, "is there that user"},
    {IPMI_ERR_PASSWORD_INVALID, kLost, "PERFWATT_BMC_PASSWORD"},
    {IPMI_ERR_K_G_INVALID, kLost, kMore},
    {IPMI_ERR_PRIVILEGE_LEVEL_INSUFFICIENT, SampleStatus::error, "more privilege"},
    {IPMI_ERR_PRIVILEGE_LEVEL_CANNOT_BE_OBTAINED, kLost, "workaround=opensesspriv"},
    {IPMI_ERR_AUTHENTICATION_TYPE_UNAVAILABLE, kLost, kMore},
    {IPMI_ERR_CIPHER_SUITE_ID_UNAVAILABLE, kLost, "cipher=17"},
    {IPMI_ERR_PASSWORD_VERIFICATION_TIMEOUT, kLost, "check the password"},
    {IPMI_ERR_IPMI_2_0_UNAVAILABLE, kLost, "IPMI 2.0"},
    {IPMI_ERR_CONNECTION_TIMEOUT, SampleStatus::timeout, "reachable"},
    {IPMI_ERR_SESSION_TIMEOUT, SampleStatus::timeout, "reachable"},
    {IPMI_ERR_DEVICE_ALREADY_OPEN, kLost, kMore},
    {IPMI_ERR_DEVICE_NOT_OPEN, kLost, kMore},
    {IPMI_ERR_DEVICE_NOT_SUPPORTED, kLost, kMore},
    {IPMI_ERR_DEVICE_NOT_FOUND, kLost, kMore},
    {IPMI_ERR_DRIVER_BUSY, SampleStatus::busy, kMore},
    {IPMI_ERR_DRIVER_TIMEOUT, SampleStatus::timeout, kMore},
    {IPMI_ERR_MESSAGE_TIMEOUT, SampleStatus::timeout, kMore},
    {IPMI_ERR_COMMAND_INVALID_FOR_SELECTED_INTERFACE, kLost, kMore},
    {IPMI_ERR_COMMAND_INVALID_OR_UNSUPPORTED, SampleStatus::error, kMore},
    {IPMI_ERR_BAD_COMPLETION_CODE, SampleStatus::error, kMore},
    {IPMI_ERR_BAD_RMCPPLUS_STATUS_CODE, kLost, "cipher=17"},
    {IPMI_ERR_NOT_FOUND, kLost, kMore},
    {IPMI_ERR_BMC_BUSY, SampleStatus::busy, kMore},
    {IPMI_ERR_OUT_OF_MEMORY, kLost, kMore},
    {IPMI_ERR_HOSTNAME_INVALID, kLost, "resolver"},
    {IPMI_ERR_PARAMETERS, kLost, kMore},
    {IPMI_ERR_DRIVER_PATH_REQUIRED, kLost, kMore},
    {IPMI_ERR_IPMI_ERROR, kLost, "a workaround in the address"},
    {IPMI_ERR_SYSTEM_ERROR, kLost, kMore},
    {IPMI_ERR_INTERNAL_ERROR, kLost, "doubled or late"},
};

TEST(IpmiError, EveryCodeIsThere) {
  std::set<int> codes;
  for (const Expected& expected : kExpected) codes.insert(expected.code);
  EXPECT_EQ(codes.size(), std::size(kExpected));
  EXPECT_EQ(static_cast<int>(codes.size()), IPMI_ERR_ERRNUMRANGE);
}

TEST(IpmiError, EachCodeHasAStatusAndAdvice) {
  for (const Expected& expected : kExpected) {
    EXPECT_EQ(status_of_ipmi(expected.code), expected.status) << expected.code;
    EXPECT_THAT(advice_on(expected.code), HasSubstr(expected.advice)) << expected.code;
  }
}

// A session that is lost or late is opened again; one that answers is kept.
TEST(IpmiError, OnlyABmcThatAnswersKeepsItsSession) {
  for (const Expected& expected : kExpected) {
    const bool answers = expected.status == SampleStatus::busy || expected.status == SampleStatus::error;
    EXPECT_EQ(keeps_session(expected.code), answers) << expected.code;
    EXPECT_EQ(is_timeout(expected.code), expected.status == SampleStatus::timeout) << expected.code;
    EXPECT_EQ(is_busy(expected.code), expected.status == SampleStatus::busy) << expected.code;
  }
}

TEST(IpmiError, ARefusalHasLibfreeipmisWords) {
  for (const Expected& expected : kExpected) {
    const IpmiRefusal refusal = why_not_opened(expected.code);
    EXPECT_EQ(refusal.what, std::string("the BMC cannot be used: ") + ipmi_ctx_strerror(expected.code));
    EXPECT_STREQ(refusal.hint, advice_on(expected.code));
  }
  EXPECT_THAT(why_not_opened(IPMI_ERR_PASSWORD_INVALID).what, HasSubstr("password invalid"));
}

TEST(IpmiError, AReadingWithoutWattsSaysWhy) {
  const auto what = [](int code, std::optional<std::uint64_t> completion, SampleStatus status) {
    return why_no_reading(code, completion, status).what;
  };
  EXPECT_THAT(what(0, {}, SampleStatus::inactive), HasSubstr("not active"));
  EXPECT_EQ(what(IPMI_ERR_BMC_BUSY, 0xc0, SampleStatus::busy),
            "the BMC says that it is busy (completion code c0)");
  EXPECT_EQ(what(IPMI_ERR_COMMAND_INVALID_OR_UNSUPPORTED, 0xc1, SampleStatus::error),
            "the BMC has no DCMI power reading (completion code c1)");
  EXPECT_EQ(what(IPMI_ERR_BAD_COMPLETION_CODE, 0xd5, SampleStatus::error),
            "the BMC refuses a DCMI power reading (completion code d5)");
  EXPECT_EQ(what(0, {}, SampleStatus::error), "the BMC's answer holds no watts");
  EXPECT_THAT(what(IPMI_ERR_SESSION_TIMEOUT, {}, SampleStatus::timeout), HasSubstr("session timeout"));
}

// Asking again would lock the account.
TEST(IpmiError, RefusalsOfTheUserAreNotTriedAgain) {
  for (const Expected& expected : kExpected) {
    const bool refusal = is_refusal(expected.code);
    EXPECT_FALSE(refusal &&
                 (is_timeout(expected.code) || is_busy(expected.code) || is_answer(expected.code)));
  }
  EXPECT_TRUE(is_refusal(IPMI_ERR_PASSWORD_INVALID));
  EXPECT_TRUE(is_refusal(IPMI_ERR_USERNAME_INVALID));
  EXPECT_TRUE(is_refusal(IPMI_ERR_PASSWORD_VERIFICATION_TIMEOUT));
  EXPECT_FALSE(is_refusal(IPMI_ERR_SESSION_TIMEOUT));
}

}  // namespace
}  // namespace pw
