// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/plain_copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "inference/ground/team.h"

namespace pw::inference {
namespace {

using dnnl::memory;
using Floats = std::vector<float>;
using Tag = memory::format_tag;

constexpr auto kFloat = memory::data_type::f32;

TEST(PlainCopy, PutsEveryFloatInItsPlace) {
  const Floats x = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};  // 1x2x2x3 (NHWC): channels 0..2 of each pixel
  const auto copy = plain_copy({{1, 3, 2, 2}, kFloat, Tag::nhwc}, {{1, 3, 2, 2}, kFloat, Tag::nchw});
  ASSERT_TRUE(copy);
  Floats y(12);
  copy->run(x.data(), y.data());
  EXPECT_THAT(y, testing::ElementsAre(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11));
}

TEST(PlainCopy, IsOneDnnsReorder) {
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const memory::dims dims = {2, 5, 3, 7};
  for (const int threads : {1, 2})
    for (const auto& [from, to] : {std::pair(Tag::abcd, Tag::acdb), std::pair(Tag::acdb, Tag::abcd),
                                   std::pair(Tag::cdba, Tag::bacd), std::pair(Tag::abcd, Tag::abcd)}) {
      set_team_size(threads);
      Floats x(210), expected(210), y(210);
      std::iota(x.begin(), x.end(), 1.0F);
      memory source({dims, kFloat, from}, engine, x.data());
      memory target({dims, kFloat, to}, engine, expected.data());
      dnnl::reorder(source, target).execute(stream, source, target);
      stream.wait();
      plain_copy(source.get_desc(), target.get_desc())->run(x.data(), y.data());
      EXPECT_EQ(y, expected) << static_cast<int>(from) << " to " << static_cast<int>(to);
    }
}

TEST(PlainCopy, LeavesBlocksAndOtherTypesToOneDnn) {
  const memory::desc plain({1, 16, 2, 2}, kFloat, Tag::nchw);
  EXPECT_TRUE(plain_copy(plain, plain));
  EXPECT_FALSE(plain_copy(plain, {{1, 16, 2, 2}, kFloat, Tag::nChw16c}));
  EXPECT_FALSE(plain_copy({{1, 16, 2, 2}, memory::data_type::bf16, Tag::nchw}, plain));
  EXPECT_FALSE(plain_copy(plain.submemory_desc({1, 8, 2, 2}, {0, 8, 0, 0}), plain));
}

}  // namespace
}  // namespace pw::inference
