// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/result.h"

namespace pw {

// redfish://USER@HOST[:PORT][?KEY=VALUE&...]
struct RedfishAddress {
  std::string user;
  std::string host;       // with ":PORT" where one was given
  std::string chassis;    // the chassis' Id; "": the one that tells watts
  std::string via;        // "EnvironmentMetrics", "Power" or "Sensors"; "": the first that tells watts
  std::string sensor;     // the Id of a sensor of the chassis (via Sensors)
  std::string cacert;     // a file with the certificate of a private CA
  bool insecure = false;  // the certificate is not verified
  bool psu = false;       // a channel per power supply, too
  bool sensors = false;   // a channel per part of the machine that a sensor is named for, too
  bool simulated = false;
};

// Errors (input): the syntax, an unknown key, a password in the address.
Result<RedfishAddress> parse_redfish(const std::string& text);

// What is recorded and shown: the user, the host, and insecure=1 where that was asked for.
std::string shown_address(const RedfishAddress& address);

}  // namespace pw
