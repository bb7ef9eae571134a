// SPDX-License-Identifier: GPL-3.0-or-later
// How the executions of a run are arranged, and what is theirs alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "model/recording.h"
#include "record/variants/order.h"

namespace pw {

// As typed; "": not asked for.
struct ArrangementRequest {
  std::vector<std::string> parameters, varied;  // of -L and --vary
  std::string order;
  std::string setup, prepare, conclude, cleanup;
  std::string items;
  std::size_t most_variants = 1000;
};

inline constexpr std::array kArounds = {Around::setup, Around::prepare, Around::conclude, Around::cleanup};

struct Arrangement {
  // Their values; one without any where there is no -L.
  std::vector<std::vector<Fact>> variants = std::vector<std::vector<Fact>>(1);
  std::vector<Parameter> varied;
  Order order = Order::interleaved;
  std::uint64_t seed = 0;                                                     // of what is drawn
  std::array<std::string, std::tuple_size_v<decltype(kArounds)>> commands{};  // of kArounds, for sh -c
  std::string items;

  const std::string& command(Around kind) const {
    return commands[static_cast<std::size_t>(kind) - static_cast<std::size_t>(kArounds.front())];
  }
  bool valued() const { return !varied.empty() || !variants.front().empty(); }
};

// Errors (input): of parse_parameters and combinations; an order that is none.
Result<Arrangement> arrangement_of(const ArrangementRequest& request);

// What a recording keeps of it.
std::vector<Fact> procedure_of(const Arrangement& arrangement);

// "12" or, filled with values, "{batch}". Nothing where `text` is empty. Errors (input): no number from 1e-9
// to 1e15.
Result<std::optional<double>> items_of(const std::string& text, std::span<const Fact> values);

// As variables of the environment: "PERFWATT_threads=2".
std::vector<std::string> variables_of(std::span<const Fact> values);

// Calls check(values) with each value that can come: of every variant, and each value of --vary once. The
// first error.
template <class Check>
Result<> with_each(const Arrangement& arrangement, const Check& check) {
  std::vector<Fact> first;
  for (const Parameter& one : arrangement.varied) first.push_back({one.name, one.values.front()});
  for (std::vector<Fact> values : arrangement.variants) {
    values.insert(values.end(), first.begin(), first.end());
    if (Result<> checked = check(values); !checked) return checked;
  }
  for (std::size_t i = 0; i < arrangement.varied.size(); ++i)
    for (const std::string& value : arrangement.varied[i].values) {
      std::vector<Fact> values = arrangement.variants.front();
      values.insert(values.end(), first.begin(), first.end());
      values[values.size() - arrangement.varied.size() + i].value = value;
      if (Result<> checked = check(values); !checked) return checked;
    }
  return {};
}

}  // namespace pw
