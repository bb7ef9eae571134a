// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/variants/variants.h"

#include <fmt/format.h>

#include <cstdint>
#include <set>

#include "base/text.h"

namespace pw {
namespace {

// Of lists that are long and many the number of combinations does not fit: then it is this.
constexpr double kUncountable = 1e15;

std::string number_text(double count) {
  return count >= kUncountable ? fmt::format("{:.2g}", count) : grouped(static_cast<std::int64_t>(count));
}

// A label is the name of a variant in every table.
Result<> check_labels(const std::vector<std::vector<Fact>>& variants) {
  std::set<std::string> seen;
  for (const std::vector<Fact>& values : variants)
    if (std::string label = label_of(values); !seen.insert(label).second)
      return fail(Failure::input, fmt::format("two variants are '{}'", printable(label)), "-L",
                  "name each value once; equal commands can have other names: -L side=a,b");
  return {};
}

}  // namespace

Result<std::vector<std::vector<Fact>>> combinations(const std::vector<Parameter>& parameters,
                                                    std::size_t most) {
  double count = 1;
  for (const Parameter& one : parameters) count *= static_cast<double>(one.values.size());
  if (count > static_cast<double>(most))
    return fail(Failure::input,
                fmt::format("{} variants; {} are the most", number_text(count),
                            grouped(static_cast<std::int64_t>(most))),
                "-L",
                most < kMostVariants
                    ? fmt::format("name fewer values, or allow more by --most-variants (up to {})",
                                  grouped(static_cast<std::int64_t>(kMostVariants)))
                    : "name fewer values");
  std::vector<std::vector<Fact>> all(1);
  for (const Parameter& one : parameters) {
    std::vector<std::vector<Fact>> longer;
    for (const std::vector<Fact>& so_far : all)
      for (const std::string& value : one.values) {
        longer.push_back(so_far);
        longer.back().push_back({one.name, value});
      }
    all = std::move(longer);
  }
  if (Result<> told_apart = check_labels(all); !told_apart) return pass_on(told_apart);
  return all;
}

std::string label_of(const std::vector<Fact>& values) {
  std::vector<std::string> parts;
  for (const Fact& value : values) parts.push_back(value.key + "=" + value.value);
  return join(parts, " ");
}

}  // namespace pw
