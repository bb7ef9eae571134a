// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/drawing/gnuplot.h"

#include "base/text.h"

namespace pw {

std::string gnuplot_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : printable(text)) quoted += c == '\'' ? std::string("’") : std::string(1, c);
  return quoted + "'";
}

std::string gnuplot_real(double value) {
  const std::string text = exact_number(value);
  return text.find_first_not_of("-0123456789") == std::string::npos ? text + ".0" : text;
}

}  // namespace pw
