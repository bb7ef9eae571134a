// SPDX-License-Identifier: GPL-3.0-or-later
// Times as HTTP (RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT") and Redfish (ISO 8601:
// "2022-07-18T15:41:16+00:00") write them.
#pragma once

#include <optional>
#include <string_view>

namespace pw {

struct ToldTime {
  double unix_s = 0;
  double step = 1;  // s: what its last digit is worth
};

std::optional<ToldTime> http_date(std::string_view text);

// With an offset from UTC, or Z.
std::optional<ToldTime> iso_date(std::string_view text);

}  // namespace pw
