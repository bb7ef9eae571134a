// SPDX-License-Identifier: GPL-3.0-or-later
// What a processor unit costs a server: least squares with errors that follow each other.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "base/units.h"

namespace pw {

// A bin of time: mean watts of the server, and who used how many processor units.
struct UseOfServer {
  double watts = 0;
  double ours = 0;        // by this partition
  double neighbours = 0;  // by the other partitions
  bool follows = false;   // right behind the bin before
};

// watts = idle + ours * units + neighbours * units: the coefficient of what did not change is 0, and part of
// `idle`. What Virtual I/O Servers and firmware do for a partition is in the price of its units.
struct Price {
  Watts idle;                       // of the server, when nobody uses a unit
  double ours = 0, neighbours = 0;  // W per unit
  double ours_error = 0;            // standard error
  int freedom = 0;                  // degrees of freedom of it
  double correlation = 0;           // of an error with that of the bin before
  double deviation = 0;             // W, of the errors

  double half_width() const;  // 95 %, of `ours`
};

// Generalized least squares: the errors are autoregressive of order 1, whose coefficient is estimated from
// the residuals, corrected for its bias in short series (Prais and Winsten 1954; Marriott and Pope 1954).
// Nothing: fewer than 8 bins, or ours did not change apart from the others.
std::optional<Price> fit_price(std::span<const UseOfServer> bins);

}  // namespace pw
