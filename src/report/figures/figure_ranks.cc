// SPDX-License-Identifier: GPL-3.0-or-later
// The ranks of a job beside each other: a point for each.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "analyze/ranks/node_energy.h"
#include "analyze/ranks/rank_numbers.h"
#include "base/text.h"
#include "base/text_width.h"
#include "report/drawing/figure.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kMostRanges = 256;  // ranks that have a range each
constexpr std::size_t kMostParted = 40;   // nodes with lines between them
constexpr std::size_t kMostNamed = 8;     // ranks that stand apart
constexpr std::size_t kLongestName = 24;  // of a node
constexpr double kHeadroom = 1.12;

constexpr double kNameColumn = 0.0085, kNameHeight = 0.05;  // of a name, of the picture's width and height

// What a name takes of the picture.
struct NameBox {
  double left, right, height;
  bool meets(const NameBox& other) const {
    return left < other.right && other.left < right && std::abs(height - other.height) < kNameHeight;
  }
};

// Of one rank, over the executions that count.
struct RankPoint {
  std::optional<double> mean;
  double least = HUGE_VAL, most = -HUGE_VAL;
};

std::vector<RankPoint> rank_points_of(const Recording& recording, const RankQuantity& quantity,
                                      const RankNumber& number) {
  std::vector<RankPoint> points;
  for (const auto& value : quantity.values) points.push_back({value});
  for (const Execution* const execution : counted_executions(recording)) {
    if (!execution->ranks) continue;
    for (const RankRun& run : execution->ranks->ranks) {
      const auto value = value_of(number, run);
      if (!value) continue;
      RankPoint& point = points[static_cast<std::size_t>(run.rank)];
      point.least = std::min(point.least, *value), point.most = std::max(point.most, *value);
    }
  }
  return points;
}

class RankChart {
 public:
  RankChart(const FigureInput& input, const RankQuantity& quantity, const RankNumber& number)
      : input_(input),
        ranks_(input.analysis.ranks),
        quantity_(quantity),
        nodes_(nodes_by_rank(ranks_)),
        points_(rank_points_of(input.recording, quantity, number)) {}

  Figure figure() const {
    const std::string name = ("ranks-" + file_name(quantity_.name)).substr(0, kMostName);
    if (!quantity_.spread)
      return absent_figure(name, "of no rank" + (quantity_.reason.empty() ? "" : ": " + quantity_.reason));
    double most = 0;
    for (const RankPoint& point : points_)
      if (point.mean) most = std::max({most, *point.mean, point.most});
    const FigureScale scale = scale_of(most, quantity_.unit);
    const double top = most > 0 ? kHeadroom * most : scale.factor;
    const std::string axis = axis_name(quantity_.name, "value");
    return {name,
            heading(input_.recording, quantity_.name + " of ranks", subtitle()) +
                fmt::format("set xlabel 'rank'\nset ylabel {} noenhanced\nset xrange [-0.7:{}.7]\n",
                            gnuplot_quoted(scale.words.empty() ? axis : axis + " (" + scale.words + ")"),
                            points_.size() - 1) +
                y_range(0, top / scale.factor) + between_nodes() + names_of_odd(scale, top) +
                fmt::format("factor = {}\n", gnuplot_real(scale.factor)) + layers(),
            {{"", data()}}};
  }

 private:
  bool odd(std::size_t rank) const {
    return std::ranges::binary_search(quantity_.odd, static_cast<int>(rank));
  }
  std::string node_of(std::size_t rank) const {
    return nodes_[rank] < 0 ? "" : printable(ranks_.nodes[static_cast<std::size_t>(nodes_[rank])].name);
  }

  std::string subtitle() const {
    const RankSpread& spread = *quantity_.spread;
    std::string text = "means of a test";
    if (points_.size() <= kMostRanges) text += " with the least and the most of its executions";
    if (spread.imbalance) text += fmt::format(" · most / mean {:.2f}", *spread.imbalance);
    const auto without = std::ranges::count_if(points_, [](const RankPoint& one) { return !one.mean; });
    if (without > 0) text += " · no value of " + plural(static_cast<std::size_t>(without), "rank");
    return text;
  }

  std::string data() const {
    std::string text = "rank,mean,least,most,apart,node\n";
    for (std::size_t rank = 0; rank < points_.size(); ++rank) {
      const RankPoint& point = points_[rank];
      text += fmt::format("{},{},{},{},{:d},{}\n", rank, point.mean ? exact_number(*point.mean) : "",
                          point.mean ? exact_number(point.least) : "",
                          point.mean ? exact_number(point.most) : "", odd(rank), csv_field(node_of(rank)));
    }
    return text;
  }

  // Where the next rank is on another node.
  std::string between_nodes() const {
    std::vector<std::size_t> edges;
    for (std::size_t rank = 1; rank < nodes_.size(); ++rank)
      if (nodes_[rank] != nodes_[rank - 1] && nodes_[rank] >= 0 && nodes_[rank - 1] >= 0)
        edges.push_back(rank);
    if (edges.size() >= kMostParted) return "";
    std::string lines;
    for (const std::size_t rank : edges)
      lines +=
          fmt::format("set arrow from {0}.5, graph 0 to {0}.5, graph 1 nohead back lw 1 dt 3 lc rgb '{1}'\n",
                      rank - 1, kGrey);
    return lines;
  }

  // Of those furthest from the median, as far as there is room.
  std::string names_of_odd(const FigureScale& scale, double top) const {
    std::vector<int> furthest = quantity_.odd;
    const double median = quantity_.spread->median;
    const auto height = [&](int rank) {
      return points_[static_cast<std::size_t>(rank)].mean.value_or(median);
    };
    std::ranges::stable_sort(furthest, std::ranges::greater{},
                             [&](int rank) { return std::abs(height(rank) - median); });
    furthest.resize(std::min(furthest.size(), kMostNamed));
    std::string labels;
    std::vector<NameBox> boxes;
    for (const int rank : furthest) {
      const std::string node = shortened(node_of(static_cast<std::size_t>(rank)), kLongestName);
      const std::string name = fmt::format("rank {}{}", rank, node.empty() ? "" : ", " + node);
      const double size = static_cast<double>(points_.size()), at = rank / size,
                   wide = static_cast<double>(columns(name)) * kNameColumn;
      const bool left = at > 0.5;
      const NameBox box{left ? at - wide : at, left ? at : at + wide, height(rank) / top};
      if (std::ranges::any_of(boxes, [&](const NameBox& one) { return one.meets(box); })) continue;
      boxes.push_back(box);
      labels += fmt::format("set label {} at {}, {} {} offset {},0.9 noenhanced font ',11' front\n",
                            gnuplot_quoted(name), rank, exact_number(height(rank) / scale.factor),
                            left ? "right" : "left", left ? "-0.8" : "0.8");
    }
    return labels;
  }

  std::string layers() const {
    const char* size = points_.size() <= kMostRanges ? "0.7" : "0.3";
    std::string plot = fmt::format(
        "median = {}\nplot median/factor with lines dt 2 lw 1.5 lc rgb '{}' title 'median of ranks'",
        gnuplot_real(quantity_.spread->median), kGrey);
    if (points_.size() <= kMostRanges)
      plot +=
          ", \\\n  file1 using 1:($3/factor):(0):(($4-$3)/factor) skip 1 with vectors heads size screen "
          "0.003,90 lc rgb '#222222' lw 1 notitle";
    plot += fmt::format(
        ", \\\n  file1 using ($5==1?NaN:$1):($2/factor) skip 1 with points pt 7 ps {} lc rgb '{}' "
        "title 'rank'",
        size, kBlue);
    if (!quantity_.odd.empty())
      plot += fmt::format(
          ", \\\n  file1 using ($5==1?$1:NaN):($2/factor) skip 1 with points pt 9 ps 1.2 lc rgb "
          "'{}' title 'stands apart'",
          kOrange);
    return plot + "\n";
  }

  const FigureInput& input_;
  const RankAnalysis& ranks_;
  const RankQuantity& quantity_;
  std::vector<int> nodes_;  // by rank
  std::vector<RankPoint> points_;
};

}  // namespace

std::vector<Figure> ranks_figures(const FigureInput& input) {
  const RankAnalysis& ranks = input.analysis.ranks;
  if (ranks.size < 2) return {};
  std::vector<Figure> figures;
  const std::vector<RankNumber> numbers = rank_numbers(input.recording);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i].effect) figures.push_back(RankChart(input, ranks.quantities[i], numbers[i]).figure());
  return figures;
}

}  // namespace pw
