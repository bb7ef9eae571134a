// SPDX-License-Identifier: GPL-3.0-or-later
// Collectors that the dynamic linker loads first (ld.so(8)): behind those that the user names.
#include "collect/arm.h"

namespace pw {
namespace {

constexpr std::string_view kPreload = "LD_PRELOAD";

void preload(const std::filesystem::path& library, CommandEnvironment& environment) {
  const std::string theirs = environment.value(kPreload).value_or("");
  const std::string ours = library.string();
  if (theirs == ours || theirs.ends_with(":" + ours)) return;
  environment.set(kPreload, theirs.empty() ? ours : theirs + ":" + ours);
}

}  // namespace

void arm_omp(const std::filesystem::path& folder, CommandEnvironment& environment) {
  preload(folder / "libperfwatt_omp.so", environment);
}

}  // namespace pw
