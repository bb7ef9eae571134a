// SPDX-License-Identifier: GPL-3.0-or-later
// What was typed and cannot have been meant.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"
#include "options/words.h"

namespace pw {

// Options of other tools that do the same, and what does it here.
struct ForeignOption {
  std::string_view names;  // "-r --repeat"
  std::string_view ours;   // "-n N"; a whole hint
};

// An option that there is not, a value that is missing or empty, an option with one value given twice, an
// empty operand. Nothing where --help is asked for.
std::optional<Error> find_mistake(const TypedWords& words, std::span<const ForeignOption> foreign);

}  // namespace pw
