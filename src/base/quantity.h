// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

namespace pw {

// The number of a quantity that may be unknown, without its unit.
template <class Quantity>
std::optional<double> number_of(const std::optional<Quantity>& quantity) {
  return quantity ? std::optional(quantity->value) : std::nullopt;
}

}  // namespace pw
