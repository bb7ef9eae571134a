// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <string_view>

#include "inference/classify/command.h"
#include "inference/classify/model_command.h"
#include "inference/ground/wait_policy.h"
#include "options/program.h"

namespace {

int run_main(int argc, char** argv) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  if (name == "--version") {
    fmt::print("perfwatt-classify {}\n", PERFWATT_VERSION);
    return 0;
  }
  if (name == "model") return pw::inference::model_command(argc - 1, argv + 1);
  pw::inference::spin_briefly(argv);
  if (name == "classify") return pw::inference::classify_command(argc - 1, argv + 1);
  return pw::inference::classify_command(argc, argv);
}

}  // namespace

int main(int argc, char** argv) { return pw::run_program(argc, argv, run_main); }
