// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "doctor/doctor.h"
#include "machine/machine.h"

namespace pw {
namespace {

void print_check(std::string_view name, const CheckResult& result) {
  fmt::print("{} {:<17} {}\n", result.works ? "works  " : "missing", name, printable(result.found));
  if (!result.allow.empty()) fmt::print("        {:<17} allow: {}\n", "", result.allow);
  if (!result.undo.empty()) fmt::print("        {:<17} undo:  {}\n", "", result.undo);
}

}  // namespace

int doctor_command(int argc, char** argv) {
  CLI::App app("What this machine can measure, what is missing, how to get it. Changes nothing",
               "perfwatt doctor");
  app.footer("Each `allow` line is a command for you to run; the `undo` line takes it back.");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  for (const Fact& fact : describe_machine(Root())) fmt::print("{:<20}{}\n", fact.key, fact.value);
  fmt::print("\n");
  examine(print_check);
  return 0;
}

}  // namespace pw
