// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/blas/blas.h"

#include <cblas.h>

#include <algorithm>
#include <limits>

#include "inference/ground/team.h"

namespace pw::inference {
namespace {

constexpr std::int64_t kAll = std::numeric_limits<int>::max();

// OpenBLAS packs both matrices before it multiplies, but for AVX-512 cores: up to 10^6 multiplications it has
// kernels that read them where they are (kernel/x86_64/sgemm_small_kernel_permit_skylakex.c). A network's
// matrices have 49 to 3136 columns, for which packing the weights costs up to a third. Measured on a Zen 4
// (Cooperlake): 97-116 GFLOP/s in these pieces, 72-107 in one call. On a Cascade Lake (SkylakeX), whose first
// cache the rows of a large matrix miss: 47-74 in these pieces, 54-95 in the large ones.
constexpr struct {
  std::string_view core;
  GemmBlocks blocks;
} kBlocks[] = {
    {"Cooperlake", {64, 64, 192}},
    {"", {kAll, 512, 512}},
};

}  // namespace

std::string_view blas_core() { return ::openblas_get_corename(); }

const GemmBlocks& gemm_blocks() {
  static const GemmBlocks& chosen = [core = blas_core()]() -> const GemmBlocks& {
    return std::find_if(std::begin(kBlocks), std::end(kBlocks) - 1,
                        [core](const auto& row) { return row.core == core; })
        ->blocks;
  }();
  return chosen;
}

void use_one_blas_thread() {
  const int threads = team_size();
  ::openblas_set_num_threads(1);
  set_team_size(threads);  // OpenBLAS on OpenMP sets it as well
}

void multiply(std::int64_t m, std::int64_t n, std::int64_t k, Matrix a, Matrix b, float* c,
              std::int64_t c_stride, bool add) {
  const GemmBlocks& most = gemm_blocks();
  for (std::int64_t n0 = 0; n0 < n; n0 += most.n)
    for (std::int64_t k0 = 0; k0 < k; k0 += most.k)
      for (std::int64_t m0 = 0; m0 < m; m0 += most.m)
        ::cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(std::min(most.m, m - m0)),
                      static_cast<int>(std::min(most.n, n - n0)), static_cast<int>(std::min(most.k, k - k0)),
                      1.0F, a.data + m0 * a.stride + k0, static_cast<int>(a.stride),
                      b.data + k0 * b.stride + n0, static_cast<int>(b.stride), add || k0 > 0 ? 1.0F : 0.0F,
                      c + m0 * c_stride + n0, static_cast<int>(c_stride));
}

void multiply_by_rows(std::int64_t m, std::int64_t n, std::int64_t k, const float* x, const float* w,
                      float* y, std::int64_t y_stride) {
  const int rows = static_cast<int>(n), depth = static_cast<int>(k);
  if (m > 1)
    ::cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(m), rows, depth, 1.0F, x, depth,
                  w, depth, 0.0F, y, static_cast<int>(y_stride));
  else
    ::cblas_sgemv(CblasRowMajor, CblasNoTrans, rows, depth, 1.0F, w, depth, x, 1, 0.0F, y, 1);
}

}  // namespace pw::inference
