// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/variants/order.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "model/names.h"

namespace pw {
namespace {

constexpr Names<Order, 3> kOrders = {
    {{Order::interleaved, "interleaved"}, {Order::blocked, "blocked"}, {Order::random, "random"}}};

std::mt19937_64 generator(std::uint64_t seed, int test, int pass) {
  std::seed_seq words{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                      static_cast<std::uint32_t>(test), static_cast<std::uint32_t>(pass)};
  return std::mt19937_64(words);
}

// Of 0 to count - 1. No std:: distribution: those differ between libraries.
std::size_t below(std::mt19937_64& random, std::size_t count) {
  return static_cast<std::size_t>(random() % count);
}

}  // namespace

std::string_view to_text(Order order) { return name_in(kOrders, order); }
std::optional<Order> order_from(std::string_view text) { return value_in(kOrders, text); }

std::vector<int> turns(Order order, int variants, int test, int pass, std::uint64_t seed) {
  std::vector<int> all(static_cast<std::size_t>(variants));
  std::iota(all.begin(), all.end(), 0);
  if (order == Order::interleaved) {
    std::rotate(all.begin(), all.begin() + (test + pass - 2) % variants,
                all.end());  // clang 14 has no ranges::rotate of libstdc++'s
  } else if (order == Order::random) {
    std::mt19937_64 random = generator(seed, test, pass);
    for (std::size_t left = all.size(); left > 1; --left) std::swap(all[left - 1], all[below(random, left)]);
  }
  return all;
}

std::vector<Fact> drawn(const std::vector<Parameter>& parameters, int test, std::uint64_t seed) {
  std::mt19937_64 random = generator(seed, test, 0);
  std::vector<Fact> values;
  for (const Parameter& one : parameters)
    values.push_back({one.name, one.values[below(random, one.values.size())]});
  return values;
}

}  // namespace pw
