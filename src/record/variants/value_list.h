// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters and their values, as -L and --vary take them: "threads=1,2,4", "n=1..64*2", "photo=@photos.txt".
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace pw {

struct Parameter {
  std::string name;
  std::vector<std::string> values;  // one or more, none of them empty
};

// Each of `texts` is NAME=LIST. LIST has values between commas ("\," is a comma of a value), of which A..B
// stands for whole steps from A to B, A..B+S for steps of S, A..B*F for a factor of F; or it is @FILE, which
// has a value a line, taken as they are. `taken`: names that others have. Errors (input).
Result<std::vector<Parameter>> parse_parameters(const std::vector<std::string>& texts,
                                                const std::string& option,
                                                const std::vector<Parameter>& taken = {});

}  // namespace pw
