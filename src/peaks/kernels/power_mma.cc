// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled for POWER10: outer products into its eight accumulators.
#if defined(__powerpc64__) && defined(__MMA__)
#include <altivec.h>

#include "peaks/kernels/chains.h"

namespace pw {
namespace {

using MmaBytes = __vector unsigned char;
using MmaWords = __vector unsigned int;
using MmaDoubles = __vector double;

template <class Number>
PW_INLINE double sum_of_accumulator(__vector_quad& accumulator) {
  MmaBytes rows[4];
  __builtin_mma_disassemble_acc(rows, &accumulator);
  double sum = 0;
  for (const MmaBytes& row : rows) sum += sum_of<Number>(row);
  return sum;
}

// Each accumulator a variable: of an array the compiler makes memory.
template <class Number, class Step>
double outer_products(std::int64_t rounds) {
  const Step step;
  __vector_quad s0, s1, s2, s3, s4, s5, s6, s7;
  __builtin_mma_xxsetaccz(&s0), __builtin_mma_xxsetaccz(&s1), __builtin_mma_xxsetaccz(&s2);
  __builtin_mma_xxsetaccz(&s3), __builtin_mma_xxsetaccz(&s4), __builtin_mma_xxsetaccz(&s5);
  __builtin_mma_xxsetaccz(&s6), __builtin_mma_xxsetaccz(&s7);
  for (std::int64_t round = 0; round < rounds; ++round) {
    step.add(&s0), step.add(&s1), step.add(&s2), step.add(&s3);
    step.add(&s4), step.add(&s5), step.add(&s6), step.add(&s7);
  }
  return sum_of_accumulator<Number>(s0) + sum_of_accumulator<Number>(s1) + sum_of_accumulator<Number>(s2) +
         sum_of_accumulator<Number>(s3) + sum_of_accumulator<Number>(s4) + sum_of_accumulator<Number>(s5) +
         sum_of_accumulator<Number>(s6) + sum_of_accumulator<Number>(s7);
}

PW_INLINE MmaBytes mma_words(std::uint32_t word) {
  return unknown(reinterpret_cast<MmaBytes>(MmaWords{word, word, word, word}));
}

// Of 1 and 2, as the numbers of 32, 16 and 8 bits that they are.
struct MmaFp32 {
  MmaBytes a = mma_words(0x3f800000), b = mma_words(0x40000000);
  PW_INLINE void add(__vector_quad* sum) const { __builtin_mma_xvf32gerpp(sum, a, b); }
};

struct MmaBf16 {
  MmaBytes a = mma_words(0x3f803f80), b = mma_words(0x40004000);
  PW_INLINE void add(__vector_quad* sum) const { __builtin_mma_xvbf16ger2pp(sum, a, b); }
};

struct MmaInt8 {
  MmaBytes a = mma_words(0x01010101), b = mma_words(0x02020202);
  PW_INLINE void add(__vector_quad* sum) const { __builtin_mma_xvi8ger4pp(sum, a, b); }
};

struct MmaFp64 {
  MmaBytes ones = unknown(reinterpret_cast<MmaBytes>(MmaDoubles{1, 1}));
  MmaBytes b = unknown(reinterpret_cast<MmaBytes>(MmaDoubles{2, 2}));
  __vector_pair a;
  PW_INLINE MmaFp64() { __builtin_vsx_assemble_pair(&a, ones, ones); }
  PW_INLINE void add(__vector_quad* sum) const { __builtin_mma_xvf64gerpp(sum, a, b); }
};

constexpr ComputeKernel kMmaCompute[] = {
    {"fp64", "8 accumulators of xvf64gerpp", 128, outer_products<double, MmaFp64>, 8 * 8 * 2},
    {"fp32", "8 accumulators of xvf32gerpp", 256, outer_products<float, MmaFp32>, 8 * 16 * 2},
    {"bf16", "8 accumulators of xvbf16ger2pp", 512, outer_products<float, MmaBf16>, 8 * 16 * 2 * 2},
    {"int8", "8 accumulators of xvi8ger4pp", 1024, outer_products<std::int32_t, MmaInt8>, 8 * 16 * 4 * 2}};

}  // namespace

const KernelSet kMma = {"MMA", kMmaCompute, 4, nullptr};

}  // namespace pw
#endif
