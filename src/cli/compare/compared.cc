// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/compare/compared.h"

#include <fmt/format.h>
#include <unistd.h>

#include <list>
#include <utility>

#include "base/text.h"
#include "cli/compare/explained.h"
#include "options/terminal.h"
#include "report/compare/comparison_page.h"

namespace pw {
namespace {

// A quantity that is named and that nothing has.
Result<> check_names(std::span<const Comparison> comparisons) {
  for (const Comparison& one : comparisons)
    if (!one.unknown.empty())
      return fail(Failure::input,
                  fmt::format("no recording has a quantity '{}'", printable(one.unknown.front())), "",
                  "perfwatt compare without --rows and --better lists them");
  return {};
}

Result<Compared> checked(Compared compared) {
  if (const Result<> known = check_names(compared.each()); !known) return pass_on(known);
  return compared;
}

// Of each recording the variant that is named.
Result<Compared> of_one_variant(const CompareTask& task, const CompareFiles& files) {
  std::list<Kept> kept;
  const auto before = explain_all(files.before, task.request.variant, kept),
             after = explain_all(files.after, task.request.variant, kept);
  if (!before) return pass_on(before);
  if (!after) return pass_on(after);
  return checked({compare(*before, *after, task.options)});
}

Result<Compared> of_sides(const CompareTask& task, const CompareFiles& files) {
  std::list<Kept> kept;
  const auto variants = explain_matched(files.before, files.after, kept);
  if (!variants) return pass_on(variants);
  if (variants->size() == 1 && variants->front().label.empty())
    return checked({compare(variants->front().before, variants->front().after, task.options)});
  VariantComparisons comparisons = compare_matched(*variants, task.options);
  if (comparisons.all.empty())
    return fail(Failure::input, "no variant is in recordings of both sides", "",
                "perfwatt compare FILE --reference NAME=V compares those of one file");
  return checked({std::move(comparisons)});
}

Result<Compared> of_variants(const CompareTask& task, const std::string& file) {
  std::list<Kept> kept;
  const auto variants = explain_variants(file, task.request.reference, kept);
  if (!variants) return pass_on(variants);
  VariantComparisons comparisons =
      compare_variants(variants->experiment, variants->all, variants->references, task.options);
  if (comparisons.all.empty())
    return fail(Failure::input, "every variant is a reference: there is none to compare with it",
                "--reference", "name fewer of them: NAME=V");
  return checked({std::move(comparisons)});
}

template <class Comparisons>
std::string text_of(const Comparisons& comparisons, const std::string& format) {
  if (format == "csv") return comparison_csv(comparisons);
  if (format == "json") return comparison_json(comparisons);
  if (format == "markdown") return comparison_markdown(comparisons);
  return comparison_text(comparisons, {takes_escapes(STDOUT_FILENO), terminal_width(STDOUT_FILENO), false});
}

}  // namespace

CompareFiles files_of(const CompareRequest& request) { return {request.before, request.after}; }

std::span<const Comparison> Compared::each() const {
  if (const auto* one = std::get_if<Comparison>(&of)) return {one, 1};
  return std::get<VariantComparisons>(of).all;
}

std::string Compared::text(const std::string& format) const {
  return std::visit([&](const auto& comparisons) { return text_of(comparisons, format); }, of);
}

Result<Compared> compared(const CompareTask& task, const CompareFiles& files) {
  if (!task.request.reference.empty()) return of_variants(task, files.before.front());
  return task.request.variant.empty() ? of_sides(task, files) : of_one_variant(task, files);
}

}  // namespace pw
