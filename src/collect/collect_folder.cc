// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/collect_folder.h"

#include "os/file.h"

namespace pw {

namespace fs = std::filesystem;

fs::path collect_folder() {
  std::error_code error;
  const fs::path here = program_path().parent_path();
  if (fs::exists(here / "collect" / "begin.py", error)) return here / "collect";
  return (here / PERFWATT_COLLECT_FROM_PROGRAM).lexically_normal();
}

}  // namespace pw
