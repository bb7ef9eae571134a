// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/plan/many_passes.h"

#include <algorithm>
#include <numeric>

namespace pw {
namespace {

class ManyItems {
 public:
  ManyItems(int count, const Fits& fits)
      : fits_(fits), conflicts_(size(count), std::vector<bool>(size(count))) {
    for (int a = 0; a < count; ++a)
      for (int b = a + 1; b < count; ++b)
        conflicts_[size(a)][size(b)] = conflicts_[size(b)][size(a)] = !fits({a, b});
    for (const std::vector<bool>& row : conflicts_)
      degree_.push_back(static_cast<int>(std::count(row.begin(), row.end(), true)));
  }

  PassSearch search() {
    const std::vector<int> core = conflicting_core();
    for (const int item : core) sets_.push_back({item});
    for (int item = 0; item < static_cast<int>(degree_.size()); ++item)
      if (std::ranges::find(core, item) == core.end()) open_.push_back(item);
    while (!open_.empty()) place(take_most_confined());
    return {sets_, static_cast<int>(core.size())};
  }

 private:
  static std::size_t size(int item) { return static_cast<std::size_t>(item); }

  // From each item on, greedily, the largest group found of which no two fit.
  std::vector<int> conflicting_core() const {
    std::vector<int> best, order(degree_.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](int item) { return degree_[size(item)]; });
    for (const int start : order) {
      std::vector<int> core = {start};
      for (const int item : order)
        if (std::ranges::all_of(core, [&](int member) { return conflicts_[size(member)][size(item)]; }))
          core.push_back(item);
      if (core.size() > best.size()) best = core;
    }
    return best;
  }

  bool may_join(int item, const std::vector<int>& set) const {
    return std::ranges::none_of(set, [&](int member) { return conflicts_[size(member)][size(item)]; });
  }

  int take_most_confined() {
    const auto freedom = [&](int item) {
      const auto homes = std::ranges::count_if(sets_, [&](const auto& set) { return may_join(item, set); });
      return std::pair(homes, -degree_[size(item)]);
    };
    const auto at = std::ranges::min_element(open_, {}, freedom);
    const int item = *at;
    open_.erase(at);
    return item;
  }

  void place(int item) {
    std::vector<std::vector<int>*> homes;
    for (std::vector<int>& set : sets_)
      if (may_join(item, set)) homes.push_back(&set);
    std::ranges::stable_sort(homes, {}, [](const std::vector<int>* set) { return set->size(); });
    for (std::vector<int>* set : homes) {
      set->push_back(item);
      if (fits_(*set)) return;
      set->pop_back();
    }
    sets_.push_back({item});
  }

  const Fits& fits_;
  std::vector<std::vector<bool>> conflicts_;
  std::vector<int> degree_;
  std::vector<int> open_;
  Sets sets_;
};

}  // namespace

PassSearch search_many(int count, const Fits& fits) { return ManyItems(count, fits).search(); }

}  // namespace pw
