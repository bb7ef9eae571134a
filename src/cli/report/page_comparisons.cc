// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/report/page_comparisons.h"

#include <algorithm>
#include <utility>

#include "analyze/compare/variant_choice.h"
#include "analyze/compare/variant_table.h"
#include "report/compare/variants_page.h"

namespace pw {
namespace {

MatchedVariant& labelled(std::vector<MatchedVariant>& all, const std::string& label) {
  const auto at = std::ranges::find(all, label, &MatchedVariant::label);
  return at != all.end() ? *at : all.emplace_back(MatchedVariant{label, {}, {}});
}

// By label; "" is that of a recording without variants.
std::vector<MatchedVariant> matched(const PageRecordings& all) {
  std::vector<MatchedVariant> variants;
  for (const ReportFile& file : all.files())
    for (std::size_t i = 0; i < file.variants.size(); ++i) {
      const std::vector<Variant>& own = file.recording.experiment.variants;
      MatchedVariant& one = labelled(variants, own.empty() ? "" : own[i].label);
      (file.side == "old" ? one.before : one.after).push_back(file.variants[i]);
    }
  return variants;
}

Result<PageComparison> comparison_of_variants(const ReportFile& file, const std::string& reference) {
  const auto references = variant_references(file.recording.experiment, reference);
  if (!references) return pass_on(references);
  const VariantTable table = variant_table(file.recording, file.analysis, *references);
  return PageComparison{file.name, variants_sentence(file.recording, table),
                        compare_variants(file.recording.experiment, file.variants, *references, {})};
}

}  // namespace

Result<std::vector<PageComparison>> comparison_of_sides(const PageRecordings& all) {
  const std::vector<MatchedVariant> variants = matched(all);
  if (variants.size() == 1 && variants.front().label.empty())
    return std::vector<PageComparison>{
        {"", "", compare(variants.front().before, variants.front().after, {})}};
  VariantComparisons comparisons = compare_matched(variants, {});
  if (comparisons.all.empty())
    return fail(Failure::input, "no variant is in recordings of both sides", "--with",
                "perfwatt report FILE compares those of one file");
  return std::vector<PageComparison>{{"", "", std::move(comparisons)}};
}

Result<std::vector<PageComparison>> comparisons_of_variants(const PageRecordings& all,
                                                            const std::string& reference) {
  std::vector<PageComparison> comparisons;
  for (const ReportFile& file : all.files()) {
    if (file.recording.experiment.variants.size() < 2 && reference.empty()) continue;
    Result<PageComparison> one = comparison_of_variants(file, reference);
    if (!one) return pass_on(one);
    if (std::get<VariantComparisons>(one->what).all.empty())
      return fail(Failure::input, "every variant is a reference: there is none to compare with it",
                  "--reference", "name fewer of them: NAME=V");
    comparisons.push_back(std::move(*one));
  }
  return comparisons;
}

}  // namespace pw
