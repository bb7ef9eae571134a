// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/ranks/ranks_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "base/text.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kNameColumn = 24, kValueColumn = 11, kRankColumn = 8, kImbalanceColumn = 11;
constexpr std::size_t kMostNamed = 12;     // nodes, ranks
constexpr std::size_t kMostExplained = 5;  // ranks of a job in which more stand apart than are named
constexpr const char* kUnknownValue = "-";

std::string node_of(const Recording& recording, const RankRow& row) {
  if (row.place < 0) return "";
  return printable(recording.rank_places[static_cast<std::size_t>(row.place)].node);
}

// "rank 3 (n1)"
std::string rank_name(const Recording& recording, const RankAnalysis& analysis, int rank) {
  const std::string node = node_of(recording, analysis.rows[static_cast<std::size_t>(rank)]);
  return fmt::format("rank {}{}", rank, node.empty() ? "" : " (" + node + ")");
}

void add_quantity_line(Page& page, const RankQuantity& one) {
  if (!one.spread) {
    page.paragraph(printable(one.name),
                   "of no rank" + (one.reason.empty() ? "" : ": " + printable(one.reason)));
    return;
  }
  const RankSpread& spread = *one.spread;
  const auto value = [&](double number) { return pad_left(amount(number, one.unit), kValueColumn); };
  const auto rank = [](int number) { return pad_left(fmt::format("@{}", number), kRankColumn); };
  std::string line = "  " + pad_right(shortened(printable(one.name), kNameColumn - 1), kNameColumn);
  line += value(spread.least.value) + rank(spread.least.rank) + value(spread.median);
  line += value(spread.most.value) + rank(spread.most.rank);
  line +=
      pad_left(spread.imbalance ? fmt::format("{:.2f}", *spread.imbalance) : kUnknownValue, kImbalanceColumn);
  page.line(line);
}

void add_spreads(Page& page, const RankAnalysis& analysis) {
  if (std::ranges::none_of(analysis.quantities,
                           [](const RankQuantity& one) { return one.spread.has_value(); })) {
    page.paragraph("values", "none: in no test that counts did a rank end");
    return;
  }
  std::string head = "  " + pad_right("mean of a test", kNameColumn) + pad_left("least", kValueColumn) +
                     pad_left("rank", kRankColumn) + pad_left("median", kValueColumn);
  head += pad_left("most", kValueColumn) + pad_left("rank", kRankColumn) +
          pad_left("most/mean", kImbalanceColumn);
  page.line(page.painted(head, Ink::dim));
  for (const RankQuantity& one : analysis.quantities) add_quantity_line(page, one);
  for (const RankQuantity& one : analysis.quantities)
    if (one.spread && !one.reason.empty())
      page.paragraph(printable(one.name), "not of every rank: " + printable(one.reason));
}

// "361.2 J ± 0.5 %"; of what is not told from 0 "1.1 J ± 1.2 J".
std::string energy_text(const std::optional<Joules>& energy, const std::optional<Joules>& uncertainty) {
  if (!energy) return kUnknownValue;
  const std::string text = amount(energy->value, "J");
  if (!uncertainty) return text;
  if (uncertainty->value >= energy->value) return text + " ± " + amount(uncertainty->value, "J");
  return text + fmt::format(" ± {:.2f} %", 100 * uncertainty->value / energy->value);
}

constexpr std::size_t kEnergyColumn = 24;

std::string energy_line(const std::string& name, const std::string& ranks, const std::string& energy,
                        const std::string& net, const std::string& power) {
  return "  " + pad_right(shortened(name, kNameColumn - 1), kNameColumn) + pad_left(ranks, kRankColumn) +
         pad_left(energy, kEnergyColumn) + (net.empty() ? "" : pad_left(net, kEnergyColumn)) +
         pad_left(power, kValueColumn) + "  ";
}

// Where no net energy is known there is no column of it.
std::string net_text(const RankAnalysis& analysis, const std::string& text) {
  return analysis.energy->net_known > 0 ? text : "";
}

// Of the whole job, where the nodes' power was asked for.
void add_sum_of_nodes(Page& page, const RankAnalysis& analysis) {
  const JobEnergy& all = *analysis.energy;
  const std::size_t nodes = analysis.nodes.size();
  std::string line = energy_line("all nodes", "", energy_text(all.energy, all.uncertainty),
                                 net_text(analysis, energy_text(all.net, all.net_uncertainty)), "");
  if (static_cast<std::size_t>(all.known) < nodes)
    line += fmt::format("{} of {}", all.known, plural(nodes, "node"));
  else if (all.lower_bound)
    line += "not of all that it ran on";
  if (all.known > 0 && all.lower_bound) line += ": a lower bound";
  page.line(line.substr(0, line.find_last_not_of(' ') + 1));
  if (all.net_known > 0 && all.net_known < all.known)
    page.line(fmt::format("  net of idle: of {} of {}: a lower bound", all.net_known, plural(nodes, "node")));
}

// Of nodes with an energy, each reason once: they mostly have the same.
void add_reasons(Page& page, const RankAnalysis& analysis, const char* label, const std::string& before,
                 const std::function<std::string(const RankNode&)>& reason_of) {
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
  for (const RankNode& node : analysis.nodes) {
    const std::string reason = node.energy ? reason_of(node) : "";
    if (reason.empty()) continue;
    auto same = std::ranges::find(reasons, reason, [](const auto& one) { return one.first; });
    if (same == reasons.end()) same = reasons.insert(reasons.end(), {reason, {}});
    if (same->second.size() < kMostNamed) same->second.push_back(printable(node.name));
  }
  for (const auto& [reason, names] : reasons)
    page.paragraph(label, join(names, ", ") + ": " + before + printable(reason));
}

double share_of_others(const RankNode& node) {
  return node.others && node.busy->value > 0 ? node.others->value / node.busy->value : 0;
}

std::string shared_text(const RankNode& node) {
  const std::string where = node.shared == node.compared
                                ? ""
                                : fmt::format(", clearly in {} of {}", node.shared,
                                              plural(static_cast<std::size_t>(node.compared), "execution"));
  return fmt::format(
      "{}: other processes used at least {} of the CPU time used meanwhile ({} of {} a test{}): its "
      "energy is theirs, too",
      printable(node.name), percent(share_of_others(node)), amount(node.others->value, "s"),
      amount(node.busy->value, "s"), where);
}

// Those that others used the most first.
void add_shared_nodes(Page& page, const RankAnalysis& analysis) {
  std::vector<const RankNode*> shared;
  for (const RankNode& node : analysis.nodes)
    if (node.energy && node.shared > 0) shared.push_back(&node);
  std::ranges::stable_sort(shared, std::greater<>(),
                           [](const RankNode* node) { return share_of_others(*node); });
  for (const RankNode* const node : std::span(shared).first(std::min(shared.size(), kMostNamed)))
    page.paragraph("shared", shared_text(*node));
  if (shared.size() > kMostNamed)
    page.paragraph("shared",
                   fmt::format("and {} more, less: export", plural(shared.size() - kMostNamed, "node")));
}

// All in their order, or of many those with the most energy.
std::vector<const RankNode*> shown_nodes(const std::vector<RankNode>& nodes) {
  std::vector<const RankNode*> shown;
  for (const RankNode& node : nodes) shown.push_back(&node);
  if (shown.size() <= kMostNamed) return shown;
  std::ranges::stable_sort(shown, std::greater<>(),
                           [](const RankNode* node) { return node->energy ? node->energy->value : -1; });
  shown.resize(kMostNamed);
  return shown;
}

void add_node_energies_table(Page& page, const RankAnalysis& analysis) {
  page.line(page.painted(
      energy_line("node", "ranks", "energy of a test, 95 %", net_text(analysis, "net of idle"), "power") +
          "sensor",
      Ink::dim));
  for (const RankNode* const shown : shown_nodes(analysis.nodes)) {
    const RankNode& node = *shown;
    const std::string name = node.name.empty() ? "unnamed" : printable(node.name);
    page.line(energy_line(name, std::to_string(node.ranks.size()), energy_text(node.energy, node.uncertainty),
                          net_text(analysis, energy_text(node.net, node.net_uncertainty)),
                          node.power ? amount(node.power->value, "W") : kUnknownValue) +
              (node.energy ? printable(node.sensor) : kUnknownValue));
  }
  if (analysis.nodes.size() > kMostNamed)
    page.line(fmt::format("  and {} more, with less energy or none known: export",
                          analysis.nodes.size() - kMostNamed));
  add_sum_of_nodes(page, analysis);
  std::size_t unknown = 0;
  for (const RankNode& node : analysis.nodes)
    if (!node.energy && unknown++ < kMostNamed)
      page.paragraph(printable(node.name), "no energy: " + printable(node.reason));
  add_reasons(page, analysis, "gross alone", "",
              [](const RankNode& node) { return node.net ? "" : node.gross_reason; });
  add_shared_nodes(page, analysis);
  add_reasons(page, analysis, "shared",
              "not known: ", [](const RankNode& node) { return node.others_reason; });
}

void add_nodes(Page& page, const RankAnalysis& analysis) {
  if (analysis.energy && analysis.energy->known > 0) return add_node_energies_table(page, analysis);
  std::vector<std::string> names;
  for (const RankNode& node : analysis.nodes) {
    if (names.size() == kMostNamed) {
      names.push_back("...");
      break;
    }
    names.push_back(fmt::format("{} ({})", node.name.empty() ? "unnamed" : printable(node.name),
                                plural(node.ranks.size(), "rank")));
  }
  if (!names.empty()) page.paragraph(plural(analysis.nodes.size(), "node"), join(names, ", "));
  if (analysis.energy && !analysis.nodes.empty())
    page.paragraph("energy", "of no node: " + printable(analysis.nodes.front().reason));
}

// How many executions lack it, of those of tests.
void add_gone(Page& page, const Recording& recording, const RankAnalysis& analysis, const char* label,
              int RankRow::*count, const char* what) {
  std::vector<std::string> names;
  for (const RankRow& row : analysis.rows) {
    if (row.*count == 0) continue;
    if (names.size() == kMostNamed) {
      names.push_back("...");
      break;
    }
    const int all = row.ended + row.unfinished + row.missing;
    names.push_back(fmt::format("{} in {} of {}", rank_name(recording, analysis, row.rank), row.*count, all));
  }
  if (!names.empty()) page.paragraph(label, join(names, ", ") + " executions" + what);
}

std::string numbers_of(std::span<const OddRank> ranks) {
  std::vector<std::string> numbers;
  for (const OddRank& one : ranks.first(std::min(ranks.size(), kMostNamed)))
    numbers.push_back(std::to_string(one.rank));
  if (ranks.size() > kMostNamed) numbers.push_back("...");
  return join(numbers, ", ");
}

// Of many the furthest.
void add_odd(Page& page, const Recording& recording, const RankAnalysis& analysis) {
  const std::span<const OddRank> odd(analysis.odd);
  const std::size_t told = odd.size() > kMostNamed ? kMostExplained : odd.size();
  for (const OddRank& one : odd.first(told)) {
    const std::string why =
        one.evidence.empty() ? "nothing that was recorded tells why" : join(one.evidence, "; ");
    page.paragraph("apart", fmt::format("{}: {}; {}", rank_name(recording, analysis, one.rank),
                                        printable(one.how), printable(why)));
  }
  if (told < odd.size())
    page.paragraph("apart",
                   fmt::format("and {} more, less far: {}; --ranks --sort apart --top {}",
                               plural(odd.size() - told, "rank"), numbers_of(odd.subspan(told)), odd.size()));
}

std::string launcher_of(const Recording& recording) {
  return recording.rank_places.empty() ? "" : printable(recording.rank_places.front().launcher);
}

std::string cell(const RankQuantity& one, int rank) {
  const auto& value = one.values[static_cast<std::size_t>(rank)];
  return pad_left(value ? amount(*value, one.unit) : kUnknownValue, kValueColumn);
}

std::string state_of(const RankRow& row) {
  std::vector<std::string> parts;
  if (row.missing > 0) parts.push_back(fmt::format("{} missing", row.missing));
  if (row.unfinished > 0) parts.push_back(fmt::format("{} unfinished", row.unfinished));
  if (row.failed > 0) parts.push_back(fmt::format("{} failed", row.failed));
  return join(parts, ", ");
}

// The quantities that find room on a line, that by which it is sorted before all others.
std::vector<const RankQuantity*> shown(const RankAnalysis& analysis, const std::string& sort,
                                       std::size_t width) {
  std::vector<const RankQuantity*> fitting;
  for (const RankQuantity& one : analysis.quantities)
    if (one.spread) fitting.push_back(&one);
  std::stable_partition(fitting.begin(), fitting.end(),
                        [&](const RankQuantity* one) { return one->name == sort; });
  const std::size_t used = kNameColumn + kValueColumn + kRankColumn;
  const std::size_t room = width > used ? (width - used) / (kValueColumn + 1) : 0;
  fitting.resize(std::min(fitting.size(), room));
  return fitting;
}

// By rank.
Result<std::vector<double>> sort_keys(const RankAnalysis& analysis, const std::string& sort) {
  std::vector<double> keys(analysis.rows.size(), -HUGE_VAL);
  if (sort == "apart") {
    for (const OddRank& one : analysis.odd) keys[static_cast<std::size_t>(one.rank)] = one.apart;
    return keys;
  }
  const auto quantity = std::ranges::find(analysis.quantities, sort, &RankQuantity::name);
  std::vector<std::string> names = {"apart"};
  for (const RankQuantity& one : analysis.quantities) names.push_back(one.name);
  if (quantity == analysis.quantities.end())
    return fail(Failure::input, "no quantity '" + sort + "' of ranks", "--sort", join(names, ", "));
  for (std::size_t rank = 0; rank < keys.size(); ++rank)
    keys[rank] = quantity->values[rank].value_or(-HUGE_VAL);
  return keys;
}

// What has no value stands last; ranks that are alike are in their order.
Result<std::vector<const RankRow*>> chosen_rows(const RankAnalysis& analysis, const RankChoice& choice) {
  std::vector<const RankRow*> rows;
  for (const RankRow& row : analysis.rows) rows.push_back(&row);
  if (!choice.sort.empty()) {
    const auto keys = sort_keys(analysis, choice.sort);
    if (!keys) return pass_on(keys);
    std::ranges::stable_sort(rows, std::greater<>(), [&](const RankRow* row) {
      return (*keys)[static_cast<std::size_t>(row->rank)];
    });
  }
  if (choice.top > 0) rows.resize(std::min(rows.size(), choice.top));
  return rows;
}

std::string table_title(const RankAnalysis& analysis, std::size_t shown) {
  const std::string all = plural(static_cast<std::size_t>(analysis.size), "rank");
  return (shown < analysis.rows.size() ? fmt::format("{} of {}", shown, all) : all) + ", means of a test";
}

void add_row(Page& page, const Recording& recording, const RankRow& row,
             const std::vector<const RankQuantity*>& columns) {
  std::string line = pad_left(std::to_string(row.rank), kRankColumn) + "  " +
                     pad_right(shortened(node_of(recording, row), kNameColumn - 1), kNameColumn);
  for (const RankQuantity* one : columns) line += " " + cell(*one, row.rank);
  const std::string state = state_of(row);
  page.line(line + (state.empty() ? "" : "  " + state));
}

}  // namespace

std::string ranks_section(const Recording& recording, const RankAnalysis& analysis, const TextStyle& style) {
  if (analysis.size == 0) return "";
  Page page(style, false);
  const std::string launcher = launcher_of(recording);
  page.title(plural(static_cast<std::size_t>(analysis.size), "rank") +
             (launcher.empty() ? "" : ", by " + launcher));
  add_spreads(page, analysis);
  add_nodes(page, analysis);
  add_gone(page, recording, analysis, "missing", &RankRow::missing, ": nothing came from it");
  add_gone(page, recording, analysis, "unfinished", &RankRow::unfinished, ": nothing told how it ended");
  add_gone(page, recording, analysis, "failed", &RankRow::failed, "");
  add_odd(page, recording, analysis);
  return "\n" + page.text();
}

Result<std::string> ranks_table(const Recording& recording, const RankAnalysis& analysis,
                                const RankChoice& choice, const TextStyle& style) {
  Page page(style, false);
  if (analysis.size == 0) {
    page.paragraph("ranks", recording.executions.empty()
                                ? "none: no execution is in the recording"
                                : "none: the command was no job of perfwatt rank (perfwatt rank --help)");
    return page.text();
  }
  const auto rows = chosen_rows(analysis, choice);
  if (!rows) return pass_on(rows);
  const auto columns = shown(analysis, choice.sort, page.width());
  page.title(table_title(analysis, rows->size()));
  std::string head = pad_left("rank", kRankColumn) + "  " + pad_right("node", kNameColumn);
  for (const RankQuantity* one : columns)
    head += " " + pad_left(shortened(printable(one->name), kValueColumn), kValueColumn);
  page.line(page.painted(head, Ink::dim));
  for (const RankRow* row : *rows) add_row(page, recording, *row, columns);
  return page.text();
}

}  // namespace pw
