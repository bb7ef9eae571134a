// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "os/secret.h"

namespace pw {

// The BMC's password: the first line of `file` where that is not "", else PERFWATT_BMC_PASSWORD, else what is
// typed, without echo, at the prompt of the terminal. Errors (input): a file that is neither this user's nor
// root's, or that group or others can read or write, or that is empty; none of the three; Ctrl-C at the
// prompt, after SIGINT was raised.
Result<Secret> bmc_password(const std::string& file, const std::string& prompt_for);

}  // namespace pw
