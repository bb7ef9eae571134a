// SPDX-License-Identifier: GPL-3.0-or-later
// Loops that do nothing but one thing, as fast as the CPU does it. What includes this may be compiled for
// more than the CPU that runs it: nothing here has a function that the linker could take for another's.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pw {

struct ComputeKernel {
  const char* quantity;  // model/peaks.h
  const char* what;      // "12 chains of 8 a <- a * b + c"
  double operations;     // of a round; of a multiplication and an addition two
  // The sum of all that its chains came to, from 0: of multiply-adds 2 - 2^(1 - rounds) in each element; of
  // dot products what is added in each round, in `a_round`.
  double (*run)(std::int64_t rounds);
  double a_round;  // 0: multiply-adds
};

// `bytes` is a multiple of kBlock, data aligned to it.
inline constexpr std::size_t kBlock = 1024;
struct MemoryKernel {
  // Reads all of it, `rounds` times. XOR of the 8-byte words that it read.
  std::uint64_t (*load)(const void* data, std::size_t bytes, std::int64_t rounds);
  // a <- b + 3 c in fp64, each of `bytes`.
  void (*triad)(double* a, const double* b, const double* c, std::size_t bytes, std::int64_t rounds);
};

// Of an instruction set.
struct KernelSet {
  const char* isa;
  const ComputeKernel* compute;
  std::size_t count;
  const MemoryKernel* memory;  // null: it has none of its own
};

extern const KernelSet kGeneric, kSse2, kAvx2, kAvxVnni, kAvx512, kAvx512Vnni, kAvx512Bf16, kVsx, kMma, kNeon,
    kNeonDot, kNeonBf16, kNeonI8mm;

}  // namespace pw
