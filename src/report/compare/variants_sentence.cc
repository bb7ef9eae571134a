// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/compare/variants_page.h"
#include "report/text/text_layout.h"
#include "report/text/words.h"

namespace pw {
namespace {

constexpr std::size_t kRivalsNamed = 3;

struct BestWords {
  std::string_view is, are;  // "a is fastest", "a and b are fastest"
  std::string_view ratio;    // of the next to the best
};
constexpr BestWords kTimeWords = {"is fastest", "are fastest", "times as fast as"};
constexpr BestWords kEnergyWords = {"takes the least net energy", "take the least net energy",
                                    "of the energy of"};

std::string names_of(const VariantTable& table, std::size_t first, const std::vector<std::size_t>& others) {
  std::vector<std::string> names = {table.lines[first].label};
  for (std::size_t i = 0; i < std::min(others.size(), kRivalsNamed); ++i)
    names.push_back(table.lines[others[i]].label);
  if (others.size() > kRivalsNamed) names.push_back(fmt::format("{} more", others.size() - kRivalsNamed));
  const std::string last = names.back();
  names.pop_back();
  return join(names, ", ") + " and " + last;
}

// Of times what grows is the speed; of energies the part is told.
std::string ratio_text(const ComparedRow& row, bool energy) {
  if (!row.ratio || !row.ci95 || row.ci95->low <= 0) return "";
  const auto part = [&](double value) { return energy ? 1 / value : value; };
  const double low = part(energy ? row.ci95->high : row.ci95->low),
               high = part(energy ? row.ci95->low : row.ci95->high);
  return fmt::format("{:.3g} ({:.3g} to {:.3g}) ", part(*row.ratio), low, high);
}

std::string best_text(const VariantTable& table, const BestVariant& best, bool energy) {
  const BestWords& words = energy ? kEnergyWords : kTimeWords;
  const std::string per_item = table.per_item ? energy ? " an item" : " per item" : "";
  if (best.rivals.empty()) {
    const std::string ratio = ratio_text(best.row, energy);
    const std::string next =
        table.lines[best.next].label + (table.lines.size() > 2 ? ", the next" : std::string());
    return fmt::format("{} {}{}", table.lines[best.index].label, words.is, per_item) +
           (ratio.empty() ? "" : fmt::format(", {}{} {}", ratio, words.ratio, next));
  }
  const std::string names = names_of(table, best.index, best.rivals);
  if (best.all_same)
    return fmt::format("{} {}{}, the same within {:.3g} %", names, words.are, per_item,
                       100 * CompareRules().same_within);
  const bool next_is_one = std::ranges::count(best.rivals, best.next) > 0 && !best.row.reason.empty();
  return fmt::format("which of {} {}{} cannot be told{}", names, words.is, per_item,
                     next_is_one ? " (" + best.row.reason + ")" : "");
}

std::vector<std::string> trouble_of_variants(const Recording& recording, const VariantTable& table) {
  std::vector<std::string> texts = trouble_of_ending(recording);
  std::size_t failed = 0;
  for (const VariantLine& line : table.lines) failed += line.failed;
  if (failed > 0) texts.push_back(plural(failed, "execution") + " failed");
  if (table.basis != Basis::interleaved)
    texts.emplace_back("one variant ran after the other, and what drifted meanwhile is in it");
  if (std::ranges::any_of(recording.sources, &PowerSource::simulated))
    texts.emplace_back("the power is SIMULATED");
  return texts;
}

}  // namespace

std::string variants_sentence(const Recording& recording, const VariantTable& table) {
  std::vector<std::string> parts;
  if (table.best.time) parts.push_back(best_text(table, *table.best.time, false));
  if (table.best.energy) parts.push_back(best_text(table, *table.best.energy, true));
  if (table.lines.size() < 2)
    parts.emplace_back("there is one variant");
  else if (!table.best.time)
    parts.emplace_back("which is fastest cannot be told: fewer than two have a time");
  else if (!table.best.energy && !table.energy_of.empty())
    parts.emplace_back("which takes the least net energy cannot be told: fewer than two have one");
  const std::vector<std::string> trouble = trouble_of_variants(recording, table);
  return join(parts, "; ") + "." + (trouble.empty() ? "" : " With care: " + join(trouble, ", ") + ".");
}

bool with_care(const Recording& recording, const VariantTable& table) {
  return !trouble_of_variants(recording, table).empty();
}

}  // namespace pw
