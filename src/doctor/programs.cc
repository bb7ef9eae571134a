// SPDX-License-Identifier: GPL-3.0-or-later
// Programs and files that perfwatt uses.
#include <fmt/format.h>

#include <filesystem>

#include "base/text.h"
#include "doctor/checks.h"
#include "os/file.h"
#include "os/run.h"

namespace pw {
namespace {

CheckResult check_program(const char* program, const char* use, const char* package) {
  if (!find_helper(program).empty()) return {true, use, "", ""};
  return {false, fmt::format("{} is not installed: no {}", program, use),
          fmt::format("sudo apt-get install {}", package), fmt::format("sudo apt-get remove {}", package)};
}

}  // namespace

CheckResult check_gnuplot() { return check_program("gnuplot", "figures (perfwatt plot)", "gnuplot-nox"); }

CheckResult check_model() {
  const std::filesystem::path model = cache_folder() / "models" / "resnet50.onnx";
  std::error_code error;
  if (const Result<> ours = check_cache(model.parent_path()); !ours)
    return {false, one_line(ours.error()), "", ""};
  if (std::filesystem::exists(model, error)) return {true, model.string(), "", ""};
  return {false, "the weights of ResNet-50 are not fetched", "perfwatt model fetch resnet50",
          "rm " + shell_quoted(model.string())};
}

}  // namespace pw
