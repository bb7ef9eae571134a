// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/plan/fewest_passes.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <numeric>

#include "counters/plan/many_passes.h"

namespace pw {
namespace {

using Mask = std::uint32_t;

std::vector<int> items_of(Mask mask) {
  std::vector<int> items;
  for (; mask; mask &= mask - 1) items.push_back(std::countr_zero(mask));
  return items;
}

class ExactCover {
 public:
  ExactCover(int count, const Fits& fits) : all_((Mask{1} << count) - 1), fits_(fits) {}

  std::vector<Mask> solve(int even_up_to) {
    std::vector<Mask> chosen;
    search(all_, chosen);
    const int count = std::popcount(all_), sets = static_cast<int>(best_.size());
    for (int most = (count + sets - 1) / sets; most <= std::min(even_up_to, count - 1); ++most) {
      std::vector<Mask> even(best_.size(), 0);
      if (spread(0, most, even)) return even;
    }
    return best_;
  }

 private:
  bool fits(Mask mask) {
    const auto [at, is_new] = known_.try_emplace(mask, false);
    if (is_new) at->second = fits_(items_of(mask));
    return at->second;
  }

  // Adds to `set` one by one, so that every set that fits and cannot grow within `open` is visited.
  void grow(Mask set, Mask candidates, Mask open, std::vector<Mask>& chosen) {
    bool maximal = true;
    for (Mask rest = candidates; rest; rest &= rest - 1) {
      const Mask item = rest & (~rest + 1);
      if (!fits(set | item)) continue;
      maximal = false;
      grow(set | item, rest & (rest - 1), open, chosen);
    }
    if (maximal) {
      chosen.push_back(set);
      search(open & ~set, chosen);
      chosen.pop_back();
    }
  }

  void search(Mask open, std::vector<Mask>& chosen) {
    if (!best_.empty() && chosen.size() + (open ? 1 : 0) >= best_.size()) return;
    if (!open) {
      best_ = chosen;
      return;
    }
    if (fits(open)) {
      chosen.push_back(open);
      search(0, chosen);
      chosen.pop_back();
      return;
    }
    const Mask first = open & (~open + 1);
    grow(first, open & ~first, open, chosen);
  }

  // Puts item and those after it into `sets`, none of which may hold more than `most`.
  bool spread(int item, int most, std::vector<Mask>& sets) {
    const Mask bit = Mask{1} << item;
    if (!(all_ & bit)) return true;
    for (Mask& set : sets) {
      const Mask before = set;
      if (std::popcount(before) < most && fits(before | bit)) {
        set = before | bit;
        if (spread(item + 1, most, sets)) return true;
        set = before;
      }
      if (!before) return false;  // the empty sets are alike
    }
    return false;
  }

  Mask all_;
  const Fits& fits_;
  std::map<Mask, bool> known_;
  std::vector<Mask> best_;
};

}  // namespace

PassSearch search_passes(int count, const Fits& fits, int even_up_to) {
  if (count == 0) return {};
  std::vector<int> everything(static_cast<std::size_t>(count));
  std::iota(everything.begin(), everything.end(), 0);
  if (fits(everything)) return {{everything}, 1};
  PassSearch found;
  if (count > kExactItems) {
    found = search_many(count, fits);
  } else {
    for (const Mask mask : ExactCover(count, fits).solve(even_up_to)) found.sets.push_back(items_of(mask));
    found.at_least = static_cast<int>(found.sets.size());
  }
  for (std::vector<int>& set : found.sets) std::ranges::sort(set);
  std::ranges::sort(found.sets);
  return found;
}

}  // namespace pw
