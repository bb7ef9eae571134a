// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/compare/explained.h"

#include <fmt/format.h>

#include <utility>

#include "analyze/compare/variant_choice.h"
#include "store/load.h"

namespace pw {
namespace {

Result<Kept> load_one(const std::string& file, const std::string& variant) {
  Result<Recording> recording = load(file);
  if (!recording) return pass_on(recording);
  Analysis analysis = analyze(*recording, {.rows = false});
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

}  // namespace

Result<std::vector<Explanation>> explain_all(const std::vector<std::string>& files,
                                             const std::string& variant, std::list<Kept>& kept) {
  std::vector<Explanation> all;
  for (const std::string& file : files) {
    Result<Kept> loaded = load_one(file, variant);
    if (!loaded) return pass_on(loaded);
    const Kept& one = kept.emplace_back(std::move(*loaded));
    all.push_back({&one.recording, &one.analysis});
  }
  return all;
}

Result<ExplainedVariants> explain_variants(const std::string& file, const std::string& reference,
                                           std::list<Kept>& kept) {
  const Result<Recording> recording = load(file);
  if (!recording) return pass_on(recording);
  auto references = variant_references(recording->experiment, reference);
  if (!references) return pass_on(references);
  Analysis analysis = analyze(*recording, {.rows = false});
  ExplainedVariants variants{recording->experiment, {}, std::move(*references)};
  VariantViews views(*recording);
  for (std::size_t i = 0; i < views.size(); ++i) {
    const Kept& one = kept.emplace_back(Kept{Recording(views.of(i)), std::move(analysis.variants[i])});
    variants.all.push_back({&one.recording, &one.analysis});
  }
  return variants;
}

}  // namespace pw
