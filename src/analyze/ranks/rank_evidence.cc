// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/ranks/rank_evidence.h"

#include <fmt/format.h>

#include <algorithm>
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

const Values* values_of(const RankAnalysis& analysis, std::string_view name) {
  const auto one = std::ranges::find(analysis.quantities, name, &RankQuantity::name);
  return one == analysis.quantities.end() ? nullptr : &one->values;
}

Values ratios(const Values& above, const Values& below) {
  Values all;
  for (std::size_t i = 0; i < above.size(); ++i)
    all.push_back(above[i] && below[i] && *below[i] > 0 ? std::optional(*above[i] / *below[i])
                                                        : std::nullopt);
  return all;
}

double median_of(const Values& values) {
  std::vector<double> known;
  for (const auto& one : values)
    if (one) known.push_back(*one);
  return median(std::move(known));
}

// To the median; nothing where either is not known.
std::optional<double> against_median(const Values& values, int rank) {
  const auto& own = values[static_cast<std::size_t>(rank)];
  const double middle = median_of(values);
  return own && middle > 0 ? std::optional(*own / middle) : std::nullopt;
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

// Of all ranks.
Values switches_of(const Recording& recording, const RankAnalysis& analysis) {
  Values all;
  for (int rank = 0; rank < analysis.size; ++rank) all.push_back(switches_of(recording, rank));
  return all;
}

class Evidence {
 public:
  Evidence(const Recording& recording, const RankAnalysis& analysis, const Values& switches, int rank)
      : recording_(recording), analysis_(analysis), switches_(switches), rank_(rank) {}

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
  const Values* values(std::string_view name) const { return values_of(analysis_, name); }

  void work() {
    const Values* const instructions = values("instructions");
    const auto ratio = instructions ? against_median(*instructions, rank_) : std::nullopt;
    if (!ratio) return;
    if (*ratio > 1 - kAlike && *ratio < 1 + kAlike)
      found_.push_back("it executes as many instructions as the others: it has no more work");
    else
      found_.push_back(
          fmt::format("it executes {:.2f} x the instructions: its share of the work is another", *ratio));
  }

  void clock() {
    const Values *const cycles = values("cycles"), *const time = values("task-clock");
    if (!cycles || !time) return;
    const Values hertz = ratios(*cycles, *time);
    const auto ratio = against_median(hertz, rank_);
    if (!ratio || (*ratio > 1 - kAlike && *ratio < 1 + kAlike)) return;
    found_.push_back(fmt::format("its clock is {:.2f} GHz, that of the median rank {:.2f} GHz",
                                 *hertz[static_cast<std::size_t>(rank_)] * 1e-9, median_of(hertz) * 1e-9));
  }

  void per_cycle() {
    const Values *const cycles = values("cycles"), *const instructions = values("instructions");
    if (!cycles || !instructions) return;
    const Values ipc = ratios(*instructions, *cycles);
    const auto ratio = against_median(ipc, rank_);
    if (!ratio || (*ratio > 1 - kAlike && *ratio < 1 + kAlike)) return;
    found_.push_back(fmt::format("it executes {:.2f} instructions a cycle, the median rank {:.2f}",
                                 *ipc[static_cast<std::size_t>(rank_)], median_of(ipc)));
  }

  // Of one whose time differs and whose CPU time does not.
  void waits() {
    const Values *const wall = values(kRankWall), *const cpu = values(kRankCpu);
    const auto of_wall = against_median(*wall, rank_), of_cpu = against_median(*cpu, rank_);
    if (!of_wall || !of_cpu || *of_wall < 1 + kAlike || *of_cpu > 1 + kAlike) return;
    found_.push_back("it has no more CPU time than the others: it waits, or waits for a CPU");
  }

  void interruptions() {
    const auto& own = switches_[static_cast<std::size_t>(rank_)];
    const double middle = median_of(switches_);
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
  const Values& switches_;
  int rank_;
  std::vector<std::string> found_;
};

std::string how_odd(const RankAnalysis& analysis, int rank) {
  std::vector<std::string> parts;
  for (const RankQuantity& one : analysis.quantities) {
    if (!one.effect || std::ranges::count(one.odd, rank) == 0) continue;
    const auto ratio = against_median(one.values, rank);
    if (ratio) parts.push_back(fmt::format("{} {:.2f} x", one.name, *ratio));
  }
  return parts.empty() ? "" : join(parts, ", ") + " the median";
}

}  // namespace

std::vector<OddRank> odd_ranks(const Recording& recording, const RankAnalysis& analysis) {
  const Values switches = switches_of(recording, analysis);
  std::vector<OddRank> odd;
  for (int rank = 0; rank < analysis.size; ++rank)
    if (std::string how = how_odd(analysis, rank); !how.empty())
      odd.push_back({rank, std::move(how), Evidence(recording, analysis, switches, rank).all()});
  return odd;
}

}  // namespace pw
