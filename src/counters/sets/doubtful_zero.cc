// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/doubtful_zero.h"

namespace pw {

std::string why_no_count(std::uint64_t value, std::optional<std::uint64_t> rising) {
  if (value != 0 || rising.value_or(0) != 0) return "";
  const std::string what = "it told 0, as it does where the hypervisor refuses a reading; ";
  return what + (rising ? "a counter that always rises told 0, too"
                        : "no counter that always rises could be opened beside it, to tell");
}

}  // namespace pw
