// SPDX-License-Identifier: GPL-3.0-or-later
#include "options/report.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/text.h"

namespace pw {

int report_error(const Error& error) {
  fmt::print(stderr, "perfwatt: {}\n", one_line(error));
  return static_cast<int>(error.kind);
}

void note(const std::string& text) { fmt::print(stderr, "perfwatt: {}\n", printable(text)); }

void warn(const std::string& text) { fmt::print(stderr, "perfwatt: warning: {}\n", printable(text)); }

}  // namespace pw
