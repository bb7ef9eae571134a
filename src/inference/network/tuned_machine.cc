// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/network/tuned_machine.h"

#include <fmt/format.h>

#include <dnnl.hpp>
#include <sstream>

#include "inference/blas/blas.h"

namespace pw::inference {

std::string tuned_machine(const Root& root, int threads) {
  std::string cpu = "unknown CPU";
  std::istringstream lines(root.text("proc/cpuinfo").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(": ");
    const bool named =
        line.starts_with("model name") || line.starts_with("cpu\t") || line.starts_with("CPU part");
    if (!named || colon == std::string::npos) continue;
    cpu = line.substr(colon + 2);
    break;
  }
  const dnnl_version_t& dnnl = *dnnl_version();
  return fmt::format("{}, oneDNN {}.{}.{}, OpenBLAS {}, {} threads", cpu, dnnl.major, dnnl.minor, dnnl.patch,
                     blas_core(), threads);
}

}  // namespace pw::inference
