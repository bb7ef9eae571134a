// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/ranks/rank_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>

#include "analyze/statistics/robust.h"
#include "base/list.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr double kAlike = 0.05;         // a ratio this close to 1 tells nothing
constexpr double kMoreSwitches = 2;     // times the median
constexpr double kLeastSwitches = 100;  // more than the median

using Values = std::vector<std::optional<double>>;

// By rank; none: not recorded.
struct Known {
  Values values;
  double median = 0;
};

Known values_of(const RankAnalysis& analysis, std::string_view name) {
  const auto one = std::ranges::find(analysis.quantities, name, &RankQuantity::name);
  if (one == analysis.quantities.end() || !one->spread) return {};
  return {one->values, one->spread->median};
}

double median_of(const Values& values) {
  std::vector<double> known;
  for (const auto& one : values)
    if (one) known.push_back(*one);
  return known.empty() ? 0 : median(std::move(known));
}

Known ratios(const Known& above, const Known& below) {
  Values all;
  for (std::size_t i = 0; i < std::min(above.values.size(), below.values.size()); ++i) {
    const auto &one = above.values[i], &other = below.values[i];
    all.push_back(one && other && *other > 0 ? std::optional(*one / *other) : std::nullopt);
  }
  const double middle = median_of(all);
  return {std::move(all), middle};
}

std::optional<double> of_median(const std::optional<double>& own, double middle) {
  return own && middle > 0 ? std::optional(*own / middle) : std::nullopt;
}

// Nothing where either is not known.
std::optional<double> against_median(const Known& known, int rank) {
  return known.values.empty() ? std::nullopt
                              : of_median(known.values[static_cast<std::size_t>(rank)], known.median);
}

// Of the tests that count; the mean of an execution.
std::optional<double> switches_of(const Recording& recording, int rank) {
  double sum = 0;
  int count = 0;
  for (const Execution& execution : recording.executions) {
    if (!execution.ranks || !execution.of_test() || execution.failed()) continue;
    const auto& ranks = execution.ranks->ranks;
    if (static_cast<std::size_t>(rank) >= ranks.size()) continue;
    const auto& usage = ranks[static_cast<std::size_t>(rank)].usage;
    if (usage) sum += static_cast<double>(usage->involuntary_switches), ++count;
  }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

Known switches_of(const Recording& recording, const RankAnalysis& analysis) {
  Values all;
  for (int rank = 0; rank < analysis.size; ++rank) all.push_back(switches_of(recording, rank));
  const double middle = median_of(all);
  return {std::move(all), middle};
}

// What may tell why, of all ranks.
struct Grounds {
  Grounds(const Recording& recording, const RankAnalysis& analysis)
      : wall(values_of(analysis, kRankWall)),
        cpu(values_of(analysis, kRankCpu)),
        instructions(values_of(analysis, "instructions")),
        hertz(ratios(values_of(analysis, "cycles"), values_of(analysis, "task-clock"))),
        ipc(ratios(instructions, values_of(analysis, "cycles"))),
        switches(switches_of(recording, analysis)) {}

  Known wall, cpu, instructions, hertz, ipc, switches;
};

class Evidence {
 public:
  Evidence(const Recording& recording, const RankAnalysis& analysis, const Grounds& grounds, int rank)
      : recording_(recording), analysis_(analysis), grounds_(grounds), rank_(rank) {}

  std::vector<std::string> all() {
    work();
    clock();
    per_cycle();
    waits();
    interruptions();
    placement();
    return std::move(found_);
  }

 private:
  double own(const Known& known) const { return *known.values[static_cast<std::size_t>(rank_)]; }

  // Nothing where it is about that of the others, too.
  std::optional<double> another(const Known& known) const {
    const auto ratio = against_median(known, rank_);
    return ratio && (*ratio < 1 - kAlike || *ratio > 1 + kAlike) ? ratio : std::nullopt;
  }

  void work() {
    const auto ratio = against_median(grounds_.instructions, rank_);
    if (!ratio) return;
    if (*ratio > 1 - kAlike && *ratio < 1 + kAlike)
      found_.push_back("it executes as many instructions as the others: it has no more work");
    else
      found_.push_back(
          fmt::format("it executes {:.2f} x the instructions: its share of the work is another", *ratio));
  }

  void clock() {
    if (!another(grounds_.hertz)) return;
    found_.push_back(fmt::format("its clock is {:.2f} GHz, that of the median rank {:.2f} GHz",
                                 own(grounds_.hertz) * 1e-9, grounds_.hertz.median * 1e-9));
  }

  void per_cycle() {
    if (!another(grounds_.ipc)) return;
    found_.push_back(fmt::format("it executes {:.2f} instructions a cycle, the median rank {:.2f}",
                                 own(grounds_.ipc), grounds_.ipc.median));
  }

  // Of one whose time differs and whose CPU time does not.
  void waits() {
    const auto of_wall = against_median(grounds_.wall, rank_), of_cpu = against_median(grounds_.cpu, rank_);
    if (!of_wall || !of_cpu || *of_wall < 1 + kAlike || *of_cpu > 1 + kAlike) return;
    found_.push_back("it has no more CPU time than the others: it waits, or waits for a CPU");
  }

  void interruptions() {
    const auto& own = grounds_.switches.values[static_cast<std::size_t>(rank_)];
    const double middle = grounds_.switches.median;
    if (!own || *own < kMoreSwitches * middle || *own < middle + kLeastSwitches) return;
    found_.push_back(
        fmt::format("it was put off its CPU {:.0f} times an execution, the median rank {:.0f} times: "
                    "something else ran there",
                    *own, middle));
  }

  // Ranks of its node that may run where it may, and nowhere else.
  void placement() {
    const int index = analysis_.rows[static_cast<std::size_t>(rank_)].place;
    if (index < 0) return;
    const RankPlace& place = recording_.rank_places[static_cast<std::size_t>(index)];
    const auto cpus = parse_list(place.cpus);
    if (!cpus || cpus->empty()) return;
    std::size_t same = 0, on_node = 0;
    for (const RankRow& row : analysis_.rows) {
      if (row.place < 0) continue;
      const RankPlace& other = recording_.rank_places[static_cast<std::size_t>(row.place)];
      on_node += other.node == place.node;
      same += other.node == place.node && other.cpus == place.cpus;
    }
    if (same > cpus->size() && same < on_node)
      found_.push_back(fmt::format("{} ranks of {} may run on its CPUs alone ({})", same,
                                   printable(place.node), place.cpus));
  }

  const Recording& recording_;
  const RankAnalysis& analysis_;
  const Grounds& grounds_;
  int rank_;
  std::vector<std::string> found_;
};

// In what it stands apart, and how far; nothing where in effects alone.
std::optional<OddRank> how_odd(const RankAnalysis& analysis, int rank) {
  OddRank odd{rank, 1, "", {}};
  for (const RankQuantity& one : analysis.quantities) {
    if (!one.effect || !std::ranges::binary_search(one.odd, rank)) continue;
    const auto ratio = of_median(one.values[static_cast<std::size_t>(rank)], one.spread->median);
    if (!ratio) continue;
    odd.how += fmt::format("{}{} {:.2f} x", odd.how.empty() ? "" : ", ", one.name, *ratio);
    odd.apart = std::max({odd.apart, *ratio, *ratio > 0 ? 1 / *ratio : HUGE_VAL});
  }
  if (odd.how.empty()) return std::nullopt;
  odd.how += " the median";
  return odd;
}

}  // namespace

std::vector<OddRank> odd_ranks(const Recording& recording, const RankAnalysis& analysis) {
  const Grounds grounds(recording, analysis);
  std::vector<OddRank> all;
  for (int rank = 0; rank < analysis.size; ++rank)
    if (auto odd = how_odd(analysis, rank)) {
      odd->evidence = Evidence(recording, analysis, grounds, rank).all();
      all.push_back(std::move(*odd));
    }
  std::ranges::stable_sort(all, std::greater<>(), &OddRank::apart);
  return all;
}

}  // namespace pw
