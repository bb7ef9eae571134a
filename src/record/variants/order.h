// SPDX-License-Identifier: GPL-3.0-or-later
// In which order the variants of a run take their turns.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/experiment.h"
#include "record/variants/value_list.h"

namespace pw {

// interleaved: all variants in each pass of a test, beginning with another one each time; random: the same,
// in an order drawn anew; blocked: one variant after the other.
enum class Order { interleaved, blocked, random };
std::string_view to_text(Order order);
std::optional<Order> order_from(std::string_view text);

// The turns of `variants` variants in a pass of a test, both from 1. Of blocked ones: one after the other.
std::vector<int> turns(Order order, int variants, int test, int pass, std::uint64_t seed);

// A value of each parameter for a test, the same whenever it is asked for.
std::vector<Fact> drawn(const std::vector<Parameter>& parameters, int test, std::uint64_t seed);

}  // namespace pw
