// SPDX-License-Identifier: GPL-3.0-or-later
// For the tests: a small graph's answer, fused and not, of both backends.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inference/network/test_graph.h"
#include "inference/onnx/write.h"

namespace pw::inference::test {

inline void expect_answer(const OnnxWriter& writer, const Floats& input, const Floats& expected) {
  for (const Backend backend : {Backend::onednn, Backend::blas})
    for (const bool fused : {false, true}) {
      const auto output = run_graph(writer.bytes(), input, fused, {1, 1, backend});
      ASSERT_TRUE(output) << one_line(output.error());
      EXPECT_THAT(*output, testing::Pointwise(testing::FloatNear(1e-5F), expected))
          << (fused ? "fused" : "not fused") << (backend == Backend::blas ? ", blas" : ", onednn");
    }
}

inline std::string error_of(const OnnxWriter& writer, const Floats& input = {}) {
  const auto output = run_graph(writer.bytes(), input);
  return output ? "no error" : one_line(output.error());
}

}  // namespace pw::inference::test
