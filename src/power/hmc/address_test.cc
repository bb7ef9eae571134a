// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/address.h"

#include <gmock/gmock.h>

namespace pw {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string hmc_error(const std::string& text) {
  const Result<HmcAddress> address = parse_hmc(text);
  if (address) return "no error";
  EXPECT_EQ(address.error().kind, Failure::input) << text;
  return one_line(address.error());
}

TEST(HmcAddress, UserHostPortSystemAndKeys) {
  const std::string hex(64, 'a');
  const auto address = parse_hmc(
      "hmc://hscroot@[::1]:8443/9009-42A*1234567?partition=lpar 7&fingerprint=" + hex + "&simulated=1");
  ASSERT_TRUE(address) << one_line(address.error());
  EXPECT_EQ(address->user, "hscroot");
  EXPECT_EQ(address->host, "[::1]:8443");
  EXPECT_TRUE(address->port_given);
  EXPECT_EQ(address->system, "9009-42A*1234567");
  EXPECT_EQ(address->partition, "lpar 7");
  EXPECT_EQ(address->fingerprint, hex);
  EXPECT_TRUE(address->simulated);
  EXPECT_EQ(shown_address(*address), "hmc://hscroot@[::1]:8443/9009-42A*1234567");
  EXPECT_FALSE(parse_hmc("hmc://a@[::1]/b")->port_given);
  EXPECT_FALSE(parse_hmc("hmc://a@b/c")->port_given);
  EXPECT_EQ(parse_hmc("hmc://a@b")->system, "");
  EXPECT_EQ(shown_address(*parse_hmc("hmc://a@b/c?insecure=1")), "hmc://a@b/c?insecure=1");
}

TEST(HmcAddress, MistakesAreNamed) {
  EXPECT_THAT(hmc_error("hmc://a@b/c?partiton=x"), HasSubstr("did you mean 'partition'?"));
  EXPECT_THAT(hmc_error("hmc://a@b/c?fingerprint=12"), HasSubstr("64 hexadecimal digits"));
  EXPECT_THAT(hmc_error("hmc://a@b/c?insecure=1&cacert=x"), HasSubstr("one of them"));
  EXPECT_THAT(hmc_error("hmc://a@b:0/c"), HasSubstr("443 is usual"));
  for (const char* text : {"", "hmc", "hmc:", "hmc://", "hmc://b", "hmc://a@", "hmc:///c", "redfish://a@b",
                           "hmc://a@b/c/d", "hmc://a@b#c", "hmc://a@b%20", "hmc://a@b?", "hmc://a\x1b@b"})
    EXPECT_NE(hmc_error(text), "no error") << text;
}

TEST(HmcAddress, PasswordsAreRefusedAndNotRepeated) {
  for (const char* text : {"hmc://admin:s3cret@hmc/a", "hmc://admin:s3c/s3cret@hmc/a"}) {
    EXPECT_THAT(hmc_error(text), HasSubstr("PERFWATT_BMC_PASSWORD")) << text;
    EXPECT_THAT(hmc_error(text), Not(HasSubstr("s3c"))) << text;
  }
}

}  // namespace
}  // namespace pw
