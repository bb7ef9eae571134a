// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/network_options.h"

namespace pw::inference {

const char* precision_name(Precision precision) {
  if (precision == Precision::bf16) return "bf16";
  return precision == Precision::int8 ? "int8" : "fp32";
}

Backend chosen_backend(Backend asked) {
  if (asked != Backend::automatic) return asked;
#ifdef __x86_64__
  return Backend::onednn;
#else
  return Backend::blas;  // Debian's oneDNN has reference kernels alone there
#endif
}

}  // namespace pw::inference
