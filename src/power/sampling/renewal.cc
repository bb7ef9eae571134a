// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/renewal.h"

#include <algorithm>

namespace pw {
namespace {

std::optional<Nanoseconds> rhythm_of(std::vector<Nanoseconds> gaps) {
  std::sort(gaps.begin(), gaps.end());
  const Nanoseconds median = gaps[gaps.size() / 2];
  const auto near = std::count_if(gaps.begin(), gaps.end(), [&](Nanoseconds gap) {
    return std::max(gap, median) - std::min(gap, median) <= Nanoseconds{median.value / 4};
  });
  return 10 * near >= 9 * std::ssize(gaps) ? std::optional(median) : std::nullopt;
}

}  // namespace

bool same_values(const std::vector<PowerSample>& a, const std::vector<PowerSample>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const PowerSample& x, const PowerSample& y) {
    return x.watts == y.watts && x.joules == y.joules;
  });
}

void Renewal::changed(Nanoseconds time) {
  if (changed_) gaps_.push_back(time - *changed_);
  changed_ = time;
  if (gaps_.size() < kEnough) return;
  found_ = rhythm_of(gaps_);
  gaps_.clear();
}

}  // namespace pw
