// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/http/pin.h"

#include <gtest/gtest.h>

namespace pw {
namespace {

// SHA-256 of nothing (FIPS 180-4), as `openssl base64` has it.
constexpr const char* kHex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* kPin = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

TEST(Pin, IsLibcurlsOfHexadecimalDigits) {
  EXPECT_EQ(public_key_pin(kHex), kPin);
  std::string with_colons;
  for (std::size_t i = 0; i < 64; i += 2) with_colons += (i ? ":" : "") + std::string(kHex).substr(i, 2);
  EXPECT_EQ(public_key_pin(with_colons), kPin);
  for (char& c : with_colons) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(public_key_pin(with_colons), kPin);
}

TEST(Pin, AnythingElseIsNone) {
  const std::string hex = kHex;
  for (const std::string& text : {std::string(), hex.substr(1), hex + "0", ":" + hex, hex + ":",
                                  "g" + hex.substr(1), hex.substr(0, 62) + "-1", " " + hex.substr(1)})
    EXPECT_FALSE(public_key_pin(text)) << text;
}

}  // namespace
}  // namespace pw
