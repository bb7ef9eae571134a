// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/precision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pw::inference {
namespace {

using Isa = dnnl::cpu_isa;

std::string refusal(Precision precision, Backend backend, Isa isa) {
  const auto can = check_precision(precision, backend, isa);
  if (can) return "";
  EXPECT_EQ(can.error().kind, Failure::not_possible);
  return can.error().what;
}

TEST(CheckPrecision, NamesWhatTheCpuLacks) {
  constexpr Backend kBackend = Backend::onednn;
  for (const Isa isa : {Isa::all, Isa::avx2, Isa::avx512_core}) {
    EXPECT_EQ(refusal(Precision::fp32, kBackend, isa), "");
    EXPECT_EQ(refusal(Precision::bf16, kBackend, isa),
              "oneDNN finds no avx512_bf16 on this CPU, which bf16 needs");
    EXPECT_EQ(refusal(Precision::int8, kBackend, isa),
              "oneDNN finds no avx512_vnni or avx_vnni on this CPU, which int8 needs");
  }
  for (const Isa isa : {Isa::avx512_core_vnni, Isa::avx2_vnni}) {
    EXPECT_NE(refusal(Precision::bf16, kBackend, isa), "");
    EXPECT_EQ(refusal(Precision::int8, kBackend, isa), "");
  }
  for (const Isa isa : {Isa::avx512_core_bf16, Isa::avx512_core_amx}) {
    EXPECT_EQ(refusal(Precision::bf16, kBackend, isa), "");
    EXPECT_EQ(refusal(Precision::int8, kBackend, isa), "");
  }
}

TEST(CheckPrecision, BlasHasFp32Alone) {
  EXPECT_EQ(refusal(Precision::fp32, Backend::blas, Isa::avx512_core_amx), "");
  EXPECT_EQ(refusal(Precision::bf16, Backend::blas, Isa::avx512_core_amx),
            "the blas backend has no bf16, only fp32");
  EXPECT_EQ(refusal(Precision::int8, Backend::blas, Isa::avx512_core_amx),
            "the blas backend has no int8, only fp32");
}

}  // namespace
}  // namespace pw::inference
