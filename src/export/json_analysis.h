// SPDX-License-Identifier: GPL-3.0-or-later
// The analysis as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "analyze/analysis.h"

namespace pw {

using Json = nlohmann::ordered_json;

// A number, or the value of a quantity.
template <class T>
Json or_null(const std::optional<T>& value) {
  if (!value) return nullptr;
  if constexpr (requires { value->value; })
    return value->value;
  else
    return *value;
}

Json summary_json(std::span<const SummaryRow> rows);
Json energy_json(const PowerAnalysis& power);
Json lags_json(const PowerAnalysis& power);
Json samplers_json(const PowerAnalysis& power);
Json cross_checks_json(std::span<const CrossCheck> checks);
Json validity_json(const PowerAnalysis& power);

}  // namespace pw
