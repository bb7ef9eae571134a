// SPDX-License-Identifier: GPL-3.0-or-later
// The page that report-ui/ is built to, put into the program (cmake/page_template.cmake).
#pragma once

#include <string_view>

namespace pw {

struct PageTemplate {
  std::string_view html;  // "": there is none
  std::string_view why_none;
};

PageTemplate page_template();

// Where the data goes.
inline constexpr std::string_view kDataMark = "@PERFWATT_DATA@";

}  // namespace pw
