// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/partition.h"

#include "base/text.h"
#include "os/file.h"

namespace pw {

std::string own_partition(const std::filesystem::path& root) {
  const Result<std::string> name = read_kernel_file(root / "proc/device-tree/ibm,partition-name");
  if (!name) return "";
  return std::string(trim(name->substr(0, name->find('\0'))));
}

}  // namespace pw
