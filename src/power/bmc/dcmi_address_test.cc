// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/bmc/dcmi_address.h"

#include <freeipmi/freeipmi.h>
#include <gmock/gmock.h>

namespace pw {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string error_of(const std::string& text) {
  const Result<DcmiAddress> address = parse_dcmi(text);
  if (address) return "no error";
  EXPECT_EQ(address.error().kind, Failure::input) << text;
  return one_line(address.error());
}

TEST(Address, InBand) {
  const Result<DcmiAddress> address = parse_dcmi("dcmi");
  ASSERT_TRUE(address);
  EXPECT_TRUE(address->in_band);
  EXPECT_FALSE(address->simulated);
  EXPECT_EQ(shown_address(*address), "/dev/ipmi0");
  EXPECT_TRUE(parse_dcmi("dcmi?simulated=1")->simulated);
  for (const char* text : {"dcmi?cipher=17", "dcmi?privilege=user", "dcmi?workaround=intel20"})
    EXPECT_THAT(error_of(text), HasSubstr("network")) << text;
}

TEST(Address, UserHostAndPort) {
  const Result<DcmiAddress> address = parse_dcmi("dcmi://admin@bmc.example:6230");
  ASSERT_TRUE(address);
  EXPECT_FALSE(address->in_band);
  EXPECT_EQ(address->user, "admin");
  EXPECT_EQ(address->host, "bmc.example:6230");
  EXPECT_EQ(address->cipher, 3);
  EXPECT_EQ(address->workarounds, 0U);
  EXPECT_EQ(shown_address(*address), "dcmi://admin@bmc.example:6230");
}

TEST(Address, Ipv6StandsInBrackets) {
  EXPECT_EQ(parse_dcmi("dcmi://admin@[fe80::1]")->host, "[fe80::1]");
  EXPECT_EQ(parse_dcmi("dcmi://admin@[::1]:623?cipher=17")->host, "[::1]:623");
  EXPECT_THAT(error_of("dcmi://admin@fe80::1"), HasSubstr("brackets"));
  for (const char* host : {"[]", "[", "[::1", "[::1]x", "[::1]:", "[::1]:0"})
    EXPECT_NE(error_of(std::string("dcmi://admin@") + host), "no error") << host;
}

TEST(Address, QueryKeys) {
  const Result<DcmiAddress> address =
      parse_dcmi("dcmi://admin@bmc?cipher=17&workaround=opensesspriv&workaround=intel20&simulated=1");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->cipher, 17);
  EXPECT_EQ(address->workarounds,
            static_cast<unsigned>(IPMI_WORKAROUND_FLAGS_OUTOFBAND_2_0_OPEN_SESSION_PRIVILEGE |
                                  IPMI_WORKAROUND_FLAGS_OUTOFBAND_2_0_INTEL_2_0_SESSION));
  EXPECT_TRUE(address->simulated);
  EXPECT_EQ(shown_address(*address), "dcmi://admin@bmc");
}

TEST(Address, TyposAreGuessed) {
  EXPECT_THAT(error_of("dcmi://a@b?workaround=opensespriv"), HasSubstr("did you mean 'opensesspriv'?"));
  EXPECT_THAT(error_of("dcmi://a@b?ciper=3"), HasSubstr("did you mean 'cipher'?"));
  EXPECT_THAT(error_of("dcmi://a@b?workaround=zzz"), HasSubstr("there are: authcap, "));
}

TEST(Address, CiphersThatThereAre) {
  for (const char* good : {"0", "3", "17"})
    EXPECT_EQ(std::to_string(parse_dcmi(std::string("dcmi://a@b?cipher=") + good)->cipher), good);
  for (const char* bad : {"", "4", "18", "-1", "3x", "99999999999999999999"})
    EXPECT_THAT(error_of(std::string("dcmi://a@b?cipher=") + bad), HasSubstr("cipher suite")) << bad;
}

// The manual's names.
TEST(Address, PrivilegesThatThereAre) {
  EXPECT_FALSE(parse_dcmi("dcmi://a@b")->privilege);
  EXPECT_EQ(parse_dcmi("dcmi://a@b?privilege=user")->privilege, IPMI_PRIVILEGE_LEVEL_USER);
  EXPECT_EQ(parse_dcmi("dcmi://a@b?privilege=operator")->privilege, IPMI_PRIVILEGE_LEVEL_OPERATOR);
  EXPECT_EQ(parse_dcmi("dcmi://a@b?cipher=17&privilege=administrator")->privilege,
            IPMI_PRIVILEGE_LEVEL_ADMIN);
  EXPECT_THAT(error_of("dcmi://a@b?privilege=administator"), HasSubstr("did you mean 'administrator'?"));
  EXPECT_THAT(error_of("dcmi://a@b?privilege=USER"), HasSubstr("did you mean 'user'?"));
  EXPECT_THAT(error_of("dcmi://a@b?cipher=3&cipher=17"), HasSubstr("cipher is given twice"));
  for (const char* bad : {"", "4", "root", "oem"})
    EXPECT_THAT(error_of(std::string("dcmi://a@b?privilege=") + bad),
                HasSubstr("there are: user, operator, administrator"))
        << bad;
}

TEST(Address, PasswordsAreRefusedAndNotRepeated) {
  for (const char* text :
       {"dcmi://admin:s3cret@bmc", "dcmi://admin:s3c?s3cret@bmc", "dcmi://admin:s3@s3cret@bmc",
        "dcmi://admin:s3cret@bmc?cipher=x", "dcmi://:s3cret@bmc"}) {
    EXPECT_THAT(error_of(text), HasSubstr("PERFWATT_BMC_PASSWORD")) << text;
    EXPECT_THAT(error_of(text), Not(HasSubstr("s3c"))) << text;
  }
  EXPECT_THAT(error_of("dcmi://admin:s3cret"), Not(HasSubstr("s3c")));
}

TEST(Address, WrongForms) {
  for (const char* text :
       {"", "dcm", "dcmi:", "dcmi://", "dcmi:///", "dcmi://bmc", "dcmi://@bmc", "dcmi://admin@",
        "dcmi://admin@:623", "dcmi://admin@bmc:", "dcmi://admin@bmc:0", "dcmi://admin@bmc:65536",
        "dcmi://admin@bmc:ipmi", "dcmi://a@b?", "dcmi://a@b?simulated", "dcmi://a@b?simulated=2",
        "dcmi://seventeen-letters@bmc", "dcmi://a\x1b[2J@b"})
    EXPECT_NE(error_of(text), "no error") << text;
}

}  // namespace
}  // namespace pw
