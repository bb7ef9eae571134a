// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/address.h"

#include <gmock/gmock.h>

namespace pw {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string redfish_error(const std::string& text) {
  const Result<RedfishAddress> address = parse_redfish(text);
  if (address) return "no error";
  EXPECT_EQ(address.error().kind, Failure::input) << text;
  return one_line(address.error());
}

TEST(RedfishAddress, UserHostPortAndKeys) {
  const Result<RedfishAddress> address =
      parse_redfish("redfish://admin@[::1]:8443?chassis=one&via=Sensors&sensor=total&cacert=/ca.pem&psu=1");
  ASSERT_TRUE(address) << one_line(address.error());
  EXPECT_EQ(address->user, "admin");
  EXPECT_EQ(address->host, "[::1]:8443");
  EXPECT_EQ(address->chassis, "one");
  EXPECT_EQ(address->via, "Sensors");
  EXPECT_EQ(address->sensor, "total");
  EXPECT_EQ(address->cacert, "/ca.pem");
  EXPECT_TRUE(address->psu);
  EXPECT_FALSE(address->insecure || address->simulated);
  EXPECT_EQ(shown_address(*address), "redfish://admin@[::1]:8443");
  EXPECT_EQ(shown_address(*parse_redfish("redfish://a@b?insecure=1")), "redfish://a@b?insecure=1");
}

TEST(RedfishAddress, MistakesAreNamed) {
  EXPECT_THAT(redfish_error("redfish://a@b?chasis=x"), HasSubstr("did you mean 'chassis'?"));
  EXPECT_THAT(redfish_error("redfish://a@b?zzzz=x"),
              HasSubstr("there are: chassis, via, sensor, cacert, insecure, psu, sensors, simulated"));
  EXPECT_THAT(redfish_error("redfish://a@b?chassis="), HasSubstr("the value of chassis is missing"));
  EXPECT_THAT(redfish_error("redfish://a@b?psu=2"), HasSubstr("psu is 0 or 1, not '2'"));
  EXPECT_THAT(redfish_error("redfish://a@b?via=Powr"), HasSubstr("did you mean 'Power'?"));
  EXPECT_THAT(redfish_error("redfish://a@b?sensor=x&via=Power"), HasSubstr("via Sensors"));
  EXPECT_THAT(redfish_error("redfish://a@b?insecure=1&cacert=x"), HasSubstr("one of the two"));
  EXPECT_THAT(redfish_error("redfish://a@b:0"), HasSubstr("443 is usual"));
  for (const char* text :
       {"", "redfish", "redfish:", "redfish://", "redfish://b", "redfish://a@", "dcmi://a@b",
        "redfish://a@b/", "redfish://a@b#c", "redfish://a@b%20", "redfish://a@b?", "redfish://a\x1b@b"})
    EXPECT_NE(redfish_error(text), "no error") << text;
}

TEST(RedfishAddress, PasswordsAreRefusedAndNotRepeated) {
  for (const char* text : {"redfish://admin:s3cret@bmc", "redfish://admin:s3c?s3cret@bmc"}) {
    EXPECT_THAT(redfish_error(text), HasSubstr("PERFWATT_BMC_PASSWORD")) << text;
    EXPECT_THAT(redfish_error(text), Not(HasSubstr("s3c"))) << text;
  }
}

}  // namespace
}  // namespace pw
