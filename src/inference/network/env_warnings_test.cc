// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/network/env_warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace pw::inference {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> warnings(const std::map<std::string, std::string>& environment, int threads = 2) {
  const auto get = [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? nullptr : found->second.c_str();
  };
  return slow_environment(get, threads);
}

TEST(SlowEnvironment, IsSilentWhereNothingIsSet) {
  EXPECT_THAT(warnings({}), IsEmpty());
  EXPECT_THAT(warnings({{"OPENBLAS_CORETYPE", ""}, {"PATH", "/bin"}}), IsEmpty());
}

TEST(SlowEnvironment, NamesVariableValueAndEffect) {
  EXPECT_THAT(
      warnings({{"OPENBLAS_CORETYPE", "Haswell"}}),
      ElementsAre(
          "OPENBLAS_CORETYPE=Haswell is set: OpenBLAS takes that CPU's kernels instead of this one's"));
  EXPECT_THAT(warnings({{"ONEDNN_MAX_CPU_ISA", "AVX2"}}),
              ElementsAre(StartsWith("ONEDNN_MAX_CPU_ISA=AVX2 is set: ")));
}

TEST(SlowEnvironment, LooksAtTheValue) {
  EXPECT_THAT(warnings({{"OMP_THREAD_LIMIT", "1"}}), ElementsAre(StartsWith("OMP_THREAD_LIMIT=1")));
  EXPECT_THAT(warnings({{"OMP_THREAD_LIMIT", "1"}}, 1), IsEmpty());
  EXPECT_THAT(warnings({{"OMP_THREAD_LIMIT", "x"}}), IsEmpty());
  EXPECT_THAT(warnings({{"OMP_WAIT_POLICY", "ACTIVE"}}), ElementsAre(StartsWith("OMP_WAIT_POLICY=ACTIVE")));
  EXPECT_THAT(warnings({{"OMP_WAIT_POLICY", "passive"}}), IsEmpty());
  EXPECT_THAT(warnings({{"DNNL_VERBOSE", "1"}}), ElementsAre(StartsWith("DNNL_VERBOSE=1")));
  EXPECT_THAT(warnings({{"DNNL_VERBOSE", "0"}}), IsEmpty());
}

}  // namespace
}  // namespace pw::inference
