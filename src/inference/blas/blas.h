// SPDX-License-Identifier: GPL-3.0-or-later
// Products of matrices by OpenBLAS, in pieces of the size that its kernels like best.
#pragma once

#include <cstdint>
#include <string_view>

namespace pw::inference {

// Rows of the left matrix, columns of the right one, and what they share, of one call.
struct GemmBlocks {
  std::int64_t m, n, k;
};

// For the kernels that OpenBLAS chose on this machine.
const GemmBlocks& gemm_blocks();

// OpenBLAS's name for its kernels here: "Cooperlake", "POWER10".
std::string_view blas_core();

// One thread a call from now on: what runs in parallel are our pieces.
void use_one_blas_thread();

// Row-major; `stride`: floats from one row to the next.
struct Matrix {
  const float* data;
  std::int64_t stride;
};

// c = a b, or c += a b. a is m x k, b is k x n. One thread; any number of them may be in it.
void multiply(std::int64_t m, std::int64_t n, std::int64_t k, Matrix a, Matrix b, float* c,
              std::int64_t c_stride, bool add);

// y = x w^T: x is m x k, w is n x k, both without gaps.
void multiply_by_rows(std::int64_t m, std::int64_t n, std::int64_t k, const float* x, const float* w,
                      float* y, std::int64_t y_stride);

}  // namespace pw::inference
