// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/meter/address.h"

#include <string_view>

#include "base/text.h"
#include "power/reader/address.h"

namespace pw {
namespace {

constexpr std::string_view kDecimal = "?decimal=";

}  // namespace

Result<MeterAddress> meter_address(const std::string& text) {
  const std::size_t at = text.rfind(kDecimal);
  if (at == std::string::npos) return MeterAddress{text};
  const std::string mark = text.substr(at + kDecimal.size());
  if (mark != "comma" && mark != "point")
    return wrong_address("'" + printable(mark) + "' is no decimal mark", "?decimal=comma or ?decimal=point");
  return MeterAddress{text.substr(0, at), mark == "comma" ? DecimalMark::comma : DecimalMark::point};
}

}  // namespace pw
