// SPDX-License-Identifier: GPL-3.0-or-later
// How a network is to be computed: what the command line asks for.
#pragma once

#include <memory>

namespace pw::inference {

struct Calibration;

enum class Backend { automatic, onednn, blas };
enum class Precision { fp32, bf16, int8 };

struct NetworkOptions {
  int threads = 0;  // 0: as many as the CPUs that we may run on
  int batch = 1;    // images a run
  Backend backend = Backend::automatic;
  Precision precision = Precision::fp32;
  bool winograd = true;                                      // may be used where it is faster
  bool tune = false;                                         // measure again which kernel is fastest
  bool mark_layers = false;                                  // as regions of perfwatt run
  bool count_work = false;                                   // layer_work(); mark_layers does, too
  std::shared_ptr<const Calibration> calibration = nullptr;  // what int8 needs to know of the model
};

// "fp32", "bf16", "int8".
const char* precision_name(Precision precision);

// oneDNN where it has kernels for the architecture, OpenBLAS elsewhere.
Backend chosen_backend(Backend asked);

}  // namespace pw::inference
