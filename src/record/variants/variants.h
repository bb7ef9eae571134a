// SPDX-License-Identifier: GPL-3.0-or-later
// The variants of a command: every combination of the values of -L.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/experiment.h"
#include "record/variants/value_list.h"

namespace pw {

// The first parameter changes last. Errors (input): more than `most`, two of one label.
Result<std::vector<std::vector<Fact>>> combinations(const std::vector<Parameter>& parameters,
                                                    std::size_t most);

// "threads=2 batch=8"
std::string label_of(const std::vector<Fact>& values);

}  // namespace pw
