// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace pw {

// dcmi[?simulated=1], or dcmi://USER@HOST[:PORT][?KEY=VALUE&...] with the keys cipher, privilege,
// workaround (may be repeated) and simulated. HOST is a name, an IPv4 address or an IPv6 address in brackets.
struct DcmiAddress {
  // 3 (HMAC-SHA1, AES-CBC-128) is the strongest suite that every IPMI 2.0 BMC must have (IPMI 2.0, table
  // 22-20); 17 (SHA256) came later, and a BMC that does not know it refuses it.
  static constexpr int kDefaultCipher = 3;

  bool in_band = true;
  std::string user;
  std::string host;  // with ":PORT" where one was given, as libfreeipmi takes it
  int cipher = kDefaultCipher;
  unsigned workarounds = 0;  // IPMI_WORKAROUND_FLAGS_OUTOFBAND_2_0_*
  // IPMI_PRIVILEGE_LEVEL_*; nothing: user, and more where the BMC asks for it.
  std::optional<std::uint8_t> privilege;
  bool simulated = false;
};

// Errors (input): the syntax, an unknown key, level or workaround, a password in the address. No error
// repeats what may be a password.
Result<DcmiAddress> parse_dcmi(const std::string& text);

// The address without its query: what is recorded and shown.
std::string shown_address(const DcmiAddress& address);

}  // namespace pw
