// SPDX-License-Identifier: GPL-3.0-or-later
#include "peaks/kernels/kernel_sets.h"

#include <sys/auxv.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace pw {
namespace {

struct KnownSet {
  const KernelSet* set;
  bool (*usable)();
};

#if defined(__x86_64__)
bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
bool has_avx512() { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw"); }

// Leaf 7, subleaf 1: the compilers' names for these are newer than the oldest compiler that we are built by.
bool has_bit_of_leaf_7_1(unsigned bit) {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) != 0 && (eax >> bit & 1) != 0;
}

constexpr KnownSet kKnownSets[] = {
    {&kAvx512Bf16, [] { return has_avx512() && has_bit_of_leaf_7_1(5); }},
    {&kAvx512Vnni, [] { return has_avx512() && __builtin_cpu_supports("avx512vnni"); }},
    {&kAvx512, has_avx512},
    {&kAvxVnni, [] { return has_avx2() && has_bit_of_leaf_7_1(4); }},
    {&kAvx2, has_avx2},
    {&kSse2, [] { return true; }},
    {&kGeneric, [] { return true; }}};
#elif defined(__powerpc64__) && defined(__VSX__)
constexpr unsigned long kMmaBit = 0x00020000;  // PPC_FEATURE2_MMA of the kernel's ABI

constexpr KnownSet kKnownSets[] = {{&kMma, [] { return (getauxval(AT_HWCAP2) & kMmaBit) != 0; }},
                                   {&kVsx, [] { return true; }},
                                   {&kGeneric, [] { return true; }}};
#elif defined(__aarch64__)
// HWCAP_ASIMDDP, HWCAP2_I8MM and HWCAP2_BF16 of the kernel's ABI.
constexpr unsigned long kDotBit = 1UL << 20, kI8mmBit = 1UL << 13, kBf16Bit = 1UL << 14;

bool has_dot() { return (getauxval(AT_HWCAP) & kDotBit) != 0; }

constexpr KnownSet kKnownSets[] = {
    {&kNeonBf16, [] { return has_dot() && (getauxval(AT_HWCAP2) & kBf16Bit) != 0; }},
    {&kNeonI8mm, [] { return has_dot() && (getauxval(AT_HWCAP2) & kI8mmBit) != 0; }},
    {&kNeonDot, has_dot},
    {&kNeon, [] { return true; }},
    {&kGeneric, [] { return true; }}};
#else
constexpr KnownSet kKnownSets[] = {{&kGeneric, [] { return true; }}};
#endif

}  // namespace

std::vector<const KernelSet*> usable_kernels() {
  std::vector<const KernelSet*> usable;
  for (const KnownSet& one : kKnownSets)
    if (one.usable()) usable.push_back(one.set);
  return usable;
}

std::string isa_text(const std::vector<const KernelSet*>& sets) {
  std::string text;
  for (const KernelSet* set : sets) text += (text.empty() ? "" : ", ") + std::string(set->isa);
  return text;
}

ChosenKernel compute_kernel(const std::vector<const KernelSet*>& sets, std::string_view quantity) {
  for (const KernelSet* set : sets)
    for (std::size_t i = 0; i < set->count; ++i)
      if (set->compute[i].quantity == quantity) return {set, &set->compute[i]};
  return {};
}

const KernelSet* memory_kernels(const std::vector<const KernelSet*>& sets) {
  for (const KernelSet* set : sets)
    if (set->memory) return set;
  return nullptr;
}

double run_clock_chain(std::int64_t operations) {
#if defined(__x86_64__)
  std::uint64_t value = 3;  // 64 bits by 64: 3 cycles on all of Intel's since Nehalem, and AMD's since Zen
  for (std::int64_t i = 0; i < operations; i += 8)
    __asm__ volatile(
        "imul %0, %0\n\timul %0, %0\n\timul %0, %0\n\timul %0, %0\n\t"
        "imul %0, %0\n\timul %0, %0\n\timul %0, %0\n\timul %0, %0"
        : "+r"(value));
  return 3.0 * static_cast<double>((operations + 7) / 8 * 8);
#elif defined(__aarch64__)
  std::uint64_t value = 3;
  for (std::int64_t i = 0; i < operations; i += 8)
    __asm__ volatile(
        "eor %0, %0, #1\n\teor %0, %0, #1\n\teor %0, %0, #1\n\teor %0, %0, #1\n\t"
        "eor %0, %0, #1\n\teor %0, %0, #1\n\teor %0, %0, #1\n\teor %0, %0, #1"
        : "+r"(value));
  return static_cast<double>((operations + 7) / 8 * 8);
#else
  return 0.0 * static_cast<double>(operations);
#endif
}

}  // namespace pw
