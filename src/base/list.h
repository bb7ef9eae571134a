// SPDX-License-Identifier: GPL-3.0-or-later
// Lists of numbers as the kernel and taskset(1) write them: "0-3,8".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pw {

// One more than the largest number in a list: no machine has as many CPUs, nodes or bits.
inline constexpr int kListEnd = 1 << 16;

// The numbers of "0-3,8" in the order in which they stand there; blanks around each are left out. Nothing
// where it is no such list: an empty part, a sign, a range backwards, a number of kListEnd or more, or so
// many ranges that overlap that there would be more than kListEnd numbers.
std::optional<std::vector<int>> parse_list(std::string_view text);

// "0-3,8" of numbers in order.
std::string list_text(std::span<const int> numbers);

}  // namespace pw
