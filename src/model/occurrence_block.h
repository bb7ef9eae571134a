// SPDX-License-Identifier: GPL-3.0-or-later
// Occurrences of regions in few bytes: docs/recording.md, "Blocks of occurrences".
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/region.h"

namespace pw {

inline constexpr std::size_t kMostOccurrencesInBlock = 4096;

// At most so many of one thread; times count from `start`.
std::string pack_occurrences(std::span<const RegionOccurrence> some, Nanoseconds start);

// So many occurrences of a thread, of regions below `regions`. Empty: the bytes are none such.
std::vector<RegionOccurrence> unpack_occurrences(std::string_view bytes, std::size_t count, int thread,
                                                 std::size_t regions, Nanoseconds start);

}  // namespace pw
