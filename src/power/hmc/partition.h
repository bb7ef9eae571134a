// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace pw {

// The name of the logical partition that this machine is (ibm,partition-name, LoPAR's device tree); "": it is
// none.
std::string own_partition(const std::filesystem::path& root = "/");

}  // namespace pw
