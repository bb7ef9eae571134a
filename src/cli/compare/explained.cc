// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/compare/explained.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "analyze/compare/variant_choice.h"
#include "store/load.h"

namespace pw {
namespace {

Result<Kept> load_one(const std::string& file, const std::string& variant) {
  Result<Recording> recording = load(file);
  if (!recording) return pass_on(recording);
  Analysis analysis = analyze(*recording, {.rows = false, .findings = false});
  if (recording->experiment.variants.empty() && variant.empty())
    return Kept{std::move(*recording), std::move(analysis)};
  const auto chosen = chosen_variants(recording->experiment, variant);
  if (!chosen) return pass_on(chosen);
  if (chosen->size() > 1)
    return fail(Failure::input, fmt::format("{} of its variants are meant", chosen->size()), file,
                "--variant NAME=V names one; perfwatt compare FILE --reference NAME=V compares them with "
                "each other");
  VariantViews views(*recording);
  return Kept{Recording(views.of(chosen->front())), std::move(analysis.variants[chosen->front()])};
}

MatchedVariant& labelled(std::vector<MatchedVariant>& all, const std::string& label) {
  const auto at = std::ranges::find(all, label, &MatchedVariant::label);
  return at != all.end() ? *at : all.emplace_back(MatchedVariant{label, {}, {}});
}

Explanation keep(Recording recording, Analysis analysis, std::list<Kept>& kept) {
  const Kept& one = kept.emplace_back(Kept{std::move(recording), std::move(analysis)});
  return {&one.recording, &one.analysis};
}

// Each variant; of a recording without any, the whole.
std::vector<Explanation> keep_each(Recording recording, std::list<Kept>& kept) {
  Analysis analysis = analyze(recording, {.rows = false, .findings = false});
  if (recording.experiment.variants.empty()) return {keep(std::move(recording), std::move(analysis), kept)};
  std::vector<Explanation> all;
  VariantViews views(recording);
  for (std::size_t i = 0; i < views.size(); ++i)
    all.push_back(keep(Recording(views.of(i)), std::move(analysis.variants[i]), kept));
  return all;
}

// Each variant of a file onto its label's side.
Result<> match(const std::string& file, std::vector<Explanation> MatchedVariant::*side,
               std::vector<MatchedVariant>& all, std::list<Kept>& kept) {
  Result<Recording> recording = load(file);
  if (!recording) return pass_on(recording);
  const std::vector<Variant> variants = recording->experiment.variants;
  const std::vector<Explanation> each = keep_each(std::move(*recording), kept);
  for (std::size_t i = 0; i < each.size(); ++i)
    (labelled(all, variants.empty() ? "" : variants[i].label).*side).push_back(each[i]);
  return {};
}

}  // namespace

Result<std::vector<MatchedVariant>> explain_matched(const std::vector<std::string>& before,
                                                    const std::vector<std::string>& after,
                                                    std::list<Kept>& kept) {
  std::vector<MatchedVariant> all;
  for (const std::string& file : before)
    if (Result<> matched = match(file, &MatchedVariant::before, all, kept); !matched) return pass_on(matched);
  for (const std::string& file : after)
    if (Result<> matched = match(file, &MatchedVariant::after, all, kept); !matched) return pass_on(matched);
  return all;
}

Result<std::vector<Explanation>> explain_all(const std::vector<std::string>& files,
                                             const std::string& variant, std::list<Kept>& kept) {
  std::vector<Explanation> all;
  for (const std::string& file : files) {
    Result<Kept> loaded = load_one(file, variant);
    if (!loaded) return pass_on(loaded);
    all.push_back(keep(std::move(loaded->recording), std::move(loaded->analysis), kept));
  }
  return all;
}

Result<ExplainedVariants> explain_variants(const std::string& file, const std::string& reference,
                                           std::list<Kept>& kept) {
  Result<Recording> recording = load(file);
  if (!recording) return pass_on(recording);
  auto references = variant_references(recording->experiment, reference);
  if (!references) return pass_on(references);
  Experiment experiment = recording->experiment;
  return ExplainedVariants{std::move(experiment), keep_each(std::move(*recording), kept),
                           std::move(*references)};
}

}  // namespace pw
