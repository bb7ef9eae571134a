// SPDX-License-Identifier: GPL-3.0-or-later
// Two channels that measure the same thing. Formulas: docs/method.md, "Cross-check".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyze/power/curve.h"
#include "analyze/power/energy_row.h"
#include "analyze/power/idle.h"
#include "model/recording.h"

namespace pw {

// Two channels of the same scope from different sources.
struct CrossCheck {
  std::string scope;
  std::string first_source, first_channel;  // source: shown_name()
  std::string second_source, second_channel;
  std::optional<double> ratio;  // of the energies: first / second
  std::optional<Watts> offset;  // of the idle levels: first - second
  std::optional<Seconds> lag;  // of the second behind the first; nothing: their curves are too even or unlike
  int compared = 0;            // executions that both measured
  int agreeing = 0;            // within their uncertainties
  std::optional<bool> agree() const;  // nothing where none was compared
};
std::string_view agreement(const CrossCheck& check);  // "agree", "differ", "unknown"

// Every pair that is to be compared, in the order of the channels. Where more than 32 measure the same, each
// is compared with the first of them.
std::vector<std::pair<std::size_t, std::size_t>> comparable_channels(const Recording& recording);

// What is known of one of the two.
struct CheckedChannel {
  std::size_t channel;
  std::span<const EnergyRow> energy;
  const IdleLevels& idle;
  const Curve& watts;
};
CrossCheck cross_check(const Recording& recording, const CheckedChannel& first, const CheckedChannel& second);

}  // namespace pw
