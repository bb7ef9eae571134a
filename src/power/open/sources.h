// SPDX-License-Identifier: GPL-3.0-or-later
// The power sources that there are, and those that a run uses.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "power/reader/power_kind.h"
#include "power/reader/power_reader.h"

namespace pw {

// In the order in which they are tried where none is named.
std::span<const PowerKind> power_kinds();

// The addresses of --power's list.
std::vector<std::string> power_addresses(std::string_view list);

struct OpenedPower {
  std::vector<std::unique_ptr<PowerReader>> readers;
  // What is not read, why, and what helps, a line each: of sources that were only tried it begins with
  // kTriedNote, of parts of a source that is read with its left_out_note().
  std::vector<std::string> refusals;
};

// Sources that are named: those of the list that can be used, after 15 s of retries where one is busy or
// slow. Errors: Failure::input for an address; not_possible where none can be used, or, with `strict`, where
// one cannot or a part of one is left out. Without names: the first that works.
Result<OpenedPower> open_power(const PowerRequest& request);

}  // namespace pw
