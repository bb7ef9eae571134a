// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses of exec: and csv:, COMMAND or FILE with ?decimal=comma or ?decimal=point at its end.
#pragma once

#include <string>

#include "base/result.h"
#include "power/meter/lines.h"

namespace pw {

struct MeterAddress {
  std::string place;  // the command, or the file
  DecimalMark mark = DecimalMark::point;
};

// Of what stands behind "exec:" or "csv:". Any other question mark is the place's own. Errors (input):
// another decimal mark.
Result<MeterAddress> meter_address(const std::string& text);

}  // namespace pw
