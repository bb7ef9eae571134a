// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "power/hmc/address.h"
#include "power/hmc/session.h"

namespace pw {

struct HmcFound {
  std::string system;     // UUIDs
  std::string partition;  // "": ours is not known
  std::string system_name;
  std::vector<std::string> notes;
};

// The managed system that the address means, and the partition that is ours: that of the address, else
// `own`. Errors (not_possible): there is none, its energy is not monitored, or the console's words.
Result<HmcFound> find_server(HmcSession& session, const HmcAddress& address, const std::string& own);

}  // namespace pw
