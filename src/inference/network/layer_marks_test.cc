// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/network/layer_marks.h"

#include <gmock/gmock.h>

namespace pw::inference {
namespace {

using testing::ElementsAre;

Layer layer(const char* node, const char* implementation) { return {node, "Conv", implementation, {}, {}}; }

TEST(LayerMarks, HaveTheNamesOfNodes) {
  EXPECT_THAT(region_names({layer("conv1", "a"), layer("conv2", "a"), layer("", "a")}),
              ElementsAre("conv1", "conv2", "Conv"));
}

TEST(LayerMarks, TellTheStepsOfANodeApart) {
  EXPECT_THAT(
      region_names({layer("conv1", "reorder x"), layer("conv1", "brgconv"), layer("conv1", "brgconv")}),
      ElementsAre("conv1 (reorder x)", "conv1 (brgconv)", "conv1 (brgconv) 2"));
}

}  // namespace
}  // namespace pw::inference
