// SPDX-License-Identifier: GPL-3.0-or-later
// What programs that we start are given and give back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pw {

// Of "NAME=value": whether it is PERFWATT_BMC_PASSWORD or another PERFWATT_* secret.
bool is_secret(std::string_view variable);

// "NAME=value" of every variable but PERFWATT_BMC_PASSWORD and other PERFWATT_* secrets.
std::vector<std::string> environment_without_secrets();

// A null-terminated array of pointers into `strings`, for exec.
std::vector<char*> c_strings(std::vector<std::string>& strings);

// A wait status as a shell has it: 128 + N where signal N ended the process.
int shell_status(int wait_status);

}  // namespace pw
