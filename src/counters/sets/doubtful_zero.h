// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pw {

// Why what a PMU told is no count, where it tells 0 if it cannot be read (names/hypervisor.h); "" where it is
// one. `rising`: what a counter that always rises told meanwhile; nothing: there is none.
std::string why_no_count(std::uint64_t value, std::optional<std::uint64_t> rising);

}  // namespace pw
