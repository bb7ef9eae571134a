// SPDX-License-Identifier: GPL-3.0-or-later
#include "peaks/kernels/kernels.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>

#include "peaks/kernels/kernel_sets.h"

namespace pw {
namespace {

// Chains, counted by elements: each has a multiplication and an addition.
double expected_sum(const ComputeKernel& kernel, int rounds) {
  if (kernel.a_round > 0) return kernel.a_round * rounds;
  return kernel.operations / 2 * (2 - std::ldexp(1, 1 - rounds));
}

struct AlignedBytes {
  alignas(kBlock) unsigned char bytes[4 * kBlock];
};

TEST(Kernels, ComputeWhatTheySay) {
  for (const KernelSet* set : usable_kernels())
    for (std::size_t i = 0; i < set->count; ++i)
      for (const int rounds : {0, 1, 2, 7})
        EXPECT_EQ(set->compute[i].run(rounds), rounds == 0 ? 0 : expected_sum(set->compute[i], rounds))
            << set->isa << " " << set->compute[i].quantity << " " << rounds;
}

// So that one that leaves out a word, or reads one twice, gives another.
TEST(Kernels, LoadEveryWord) {
  AlignedBytes memory;
  std::uint64_t all = 0;
  for (std::uint64_t i = 0; i < sizeof(memory.bytes) / 8; ++i) {
    const std::uint64_t word = (i + 1) * 0x9e3779b97f4a7c15U;
    all ^= word;
    std::memcpy(memory.bytes + 8 * i, &word, 8);
  }
  for (const KernelSet* set : usable_kernels()) {
    if (!set->memory) continue;
    EXPECT_EQ(set->memory->load(memory.bytes, sizeof(memory.bytes), 1), all) << set->isa;
    EXPECT_EQ(set->memory->load(memory.bytes, sizeof(memory.bytes), 2), 0U) << set->isa;
    EXPECT_EQ(set->memory->load(memory.bytes, sizeof(memory.bytes), 3), all) << set->isa;
  }
}

TEST(Kernels, AddWhatIsTripled) {
  constexpr std::size_t kCount = kBlock / sizeof(double);
  struct {
    alignas(kBlock) double a[kCount], b[kCount], c[kCount];
  } memory = {};
  for (const KernelSet* set : usable_kernels()) {
    if (!set->memory) continue;
    for (std::size_t i = 0; i < kCount; ++i) {
      memory.b[i] = static_cast<double>(i);
      memory.c[i] = static_cast<double>(1000 * i);
      memory.a[i] = -1;
    }
    set->memory->triad(memory.a, memory.b, memory.c, kBlock, 2);
    for (std::size_t i = 0; i < kCount; ++i)
      EXPECT_EQ(memory.a[i], 3001.0 * static_cast<double>(i)) << set->isa;
  }
}

TEST(Kernels, AreOfTheFirstSetThatHasThem) {
  const auto sets = usable_kernels();
  ASSERT_FALSE(sets.empty());
  EXPECT_STREQ(sets.back()->isa, "generic");
  for (const char* quantity : {"fp64", "fp32"}) EXPECT_NE(compute_kernel(sets, quantity).compute, nullptr);
  EXPECT_EQ(compute_kernel(sets, "fp8").compute, nullptr);
  EXPECT_NE(memory_kernels(sets), nullptr);
  EXPECT_EQ(memory_kernels({}), nullptr);
  EXPECT_EQ(compute_kernel({&kGeneric}, "fp32").set, &kGeneric);
}

TEST(Kernels, KnowTheCyclesOfAChain) {
  const double cycles = run_clock_chain(9);
#if defined(__x86_64__)
  EXPECT_EQ(cycles, 48);
#elif defined(__aarch64__)
  EXPECT_EQ(cycles, 16);
#else
  EXPECT_EQ(cycles, 0);
#endif
}

}  // namespace
}  // namespace pw
