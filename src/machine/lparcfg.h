// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "os/root.h"

namespace pw {

// What PowerVM's firmware grants and counts of this partition: "key=value" lines of /proc/powerpc/lparcfg.
// Each reading interrupts every CPU and asks the hypervisor.
class Lparcfg {
 public:
  // Nothing where it cannot be read.
  static std::optional<Lparcfg> read(const Root& root);

  std::optional<std::string> text(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

// The partition's entitled share of the processors, in hundredths of a core.
inline constexpr std::string_view kEntitlement = "partition_entitled_capacity";

}  // namespace pw
