// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/result.h"

namespace pw {

// hmc://USER@HMC[:PORT][/SYSTEM][?KEY=VALUE&...]
struct HmcAddress {
  std::string user;
  std::string host;  // with ":PORT" where one was given
  bool port_given = false;
  std::string system;       // the managed system's name, UUID or MTMS; "": the only one
  std::string partition;    // the name of the partition that is ours; "": that which this machine says it is
  std::string cacert;       // a file with the certificate of a private CA
  std::string fingerprint;  // SHA-256 of the certificate's public key, hexadecimal
  bool insecure = false;    // the certificate is not verified
  bool simulated = false;
};

// Errors (input): the syntax, an unknown key, a password in the address.
Result<HmcAddress> parse_hmc(const std::string& text);

// What is recorded and shown: the user, the host, the system, and insecure=1 where that was asked for.
std::string shown_address(const HmcAddress& address);

}  // namespace pw
