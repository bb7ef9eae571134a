// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/best_variant.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyze/compare/test_samples.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kTests = 11;
CompareOptions in_pairs() {
  CompareOptions options;
  options.paired = true;
  return options;
}

ComparableQuantity values_around(test::Random& random, double mean, const test::NoiseKind& kind) {
  ComparableQuantity quantity;
  for (int test = 1; test <= kTests; ++test)
    quantity.tests.push_back({test, mean * (1 + 0.02 * kind.value(random, test::normal(random))), {}});
  return quantity;
}

std::vector<VariantValues> variants_of(test::Random& random, const std::vector<double>& times,
                                       const std::vector<double>& energies,
                                       const test::NoiseKind& kind = test::kNoises[0]) {
  std::vector<VariantValues> all(times.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].elapsed = values_around(random, times[i], kind);
    if (i < energies.size()) all[i].net = values_around(random, energies[i], kind);
  }
  return all;
}

TEST(BestVariant, IsToldWhereAllOthersAreToldFromIt) {
  test::Random random(1);
  const BestVariants best = best_variants(variants_of(random, {1.2, 1, 1.1}, {5, 9, 9}), in_pairs());
  ASSERT_TRUE(best.time && best.energy);
  EXPECT_EQ(best.time->index, 1U);
  EXPECT_EQ(best.time->next, 2U);
  EXPECT_NEAR(*best.time->row.ratio, 1.1, 0.03);
  EXPECT_THAT(best.time->rivals, IsEmpty());
  EXPECT_EQ(best.energy->index, 0U);
  EXPECT_THAT(best.energy->rivals, IsEmpty());
}

TEST(BestVariant, NamesThoseThatItIsNotToldFrom) {
  test::Random random(2);
  const BestVariants best = best_variants(variants_of(random, {1, 2, 1.001}, {}), in_pairs());
  ASSERT_TRUE(best.time);
  EXPECT_THAT(best.time->rivals, ElementsAre(best.time->index == 0 ? 2U : 0U));
  EXPECT_FALSE(best.energy);
}

TEST(BestVariant, OfEqualThingsIsTheSame) {
  test::Random random(3);
  std::vector<VariantValues> all(2, variants_of(random, {1}, {}).front());
  const BestVariants best = best_variants(all, in_pairs());
  ASSERT_TRUE(best.time);
  EXPECT_TRUE(best.time->all_same);
  EXPECT_EQ(best.time->rivals.size(), 1U);
}

TEST(BestVariant, OfOneOrWithoutValuesIsNone) {
  test::Random random(4);
  EXPECT_FALSE(best_variants(variants_of(random, {1}, {1}), in_pairs()).time);
  std::vector<VariantValues> all = variants_of(random, {1, 2, 3}, {});
  all[0].elapsed.tests.clear();
  const BestVariants best = best_variants(all, in_pairs());
  ASSERT_TRUE(best.time);
  EXPECT_EQ(best.time->index, 1U);
  all[1].elapsed.tests.clear();
  EXPECT_FALSE(best_variants(all, in_pairs()).time);
  EXPECT_FALSE(best_variants({}, in_pairs()).time);
}

TEST(BestVariant, OfZerosAndNegativeEnergiesHasNoRatio) {
  test::Random random(5);
  const BestVariants best = best_variants(variants_of(random, {1, 1}, {-3, 4}), in_pairs());
  ASSERT_TRUE(best.energy);
  EXPECT_EQ(best.energy->index, 0U);
  EXPECT_FALSE(best.energy->row.ratio);
  EXPECT_THAT(best.energy->rivals, IsEmpty());
}

// Time and energy together; of 1,000 sets of equal variants of each kind.
TEST(BestVariant, OfEqualVariantsIsClaimedInFivePercentAtMost) {
  for (const test::NoiseKind& kind : test::kNoises)
    for (const std::size_t variants : {2U, 5U}) {
      test::Random random(6);
      int claimed = 0;
      for (int i = 0; i < 1000; ++i) {
        const std::vector<double> same(variants, 1);
        const BestVariants best = best_variants(variants_of(random, same, same, kind), in_pairs());
        claimed += best.time->rivals.empty() || best.energy->rivals.empty();
      }
      EXPECT_LE(claimed, 65) << kind.name << ", " << variants;
    }
}

}  // namespace
}  // namespace pw
