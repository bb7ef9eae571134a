// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <clocale>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/compare/compare.h"
#include "cli/list/list.h"
#include "cli/rank/rank.h"
#include "cli/report/report.h"
#include "options/program.h"
#include "os/run.h"
#include "os/secret.h"
#include "record/count_target.h"

namespace {

struct Command {
  std::string_view name;
  std::string_view summary;
  int (*function)(int, char**);
};

constexpr Command kCommands[] = {
    {"run", "measure a command: tests, counters, power -> a recording and a summary", pw::run_command},
    {"classify", "the reference workload: an image classifier", pw::classify_command},
    {"rank", "one rank of a job, within perfwatt run -- mpirun or srun", pw::rank_command},
    {"power", "watch or record power alone", pw::power_command},
    {"show", "the summary of a recording", pw::show_command},
    {"plot", "figures: counters, time, power and energy; several recordings against each other",
     pw::plot_command},
    {"report", "recordings, or two sides compared, as one page for a browser", pw::report_command},
    {"export", "a recording as CSV files or JSON", pw::export_command},
    {"compare", "is it better: recordings before against recordings after", pw::compare_command},
    {"history", "one quantity over many recordings, and where it changed", pw::history_command},
    {"list", "events, metrics and power sources: what exists, what can be used here", pw::list_command},
    {"plan", "the passes that an event list needs on this machine, and why", pw::plan_command},
    {"doctor", "what this machine can measure, what is missing, how to get it", pw::doctor_command},
    {"model", "fetch, import and list the models of classify", pw::classify_command},
};

void print_help() {
  fmt::print("perfwatt {}: performance counters, power and time of the same run\n\n", PERFWATT_VERSION);
  fmt::print("Usage: perfwatt COMMAND [options]\n\nCommands:\n");
  for (const Command& command : kCommands) fmt::print("  {:<10}{}\n", command.name, command.summary);
  fmt::print(
      "\nExamples:\n"
      "  perfwatt doctor\n"
      "  perfwatt run -- python3 hotdog.py 500 1\n"
      "  perfwatt run -n 5 --power dcmi://admin@bmc --items 500 --capture 'acc=ACC: ([0-9.]+)' -- ./job\n"
      "  perfwatt plot perfwatt-20261123T101500Z.perfwatt --out figures\n\n"
      "perfwatt COMMAND --help shows a command's options. perfwatt --version prints the version.\n");
}

// What other tools call it.
constexpr std::pair<std::string_view, std::string_view> kNamesElsewhere[] = {
    {"stat", "run"},         {"record", "run"},         {"bench", "run"},
    {"html", "report"},      {"watch", "power"},        {"check", "doctor"},
    {"figures", "plot"},     {"events", "list events"}, {"metrics", "list metrics"},
    {"models", "model list"}};

std::string what_was_meant(const std::string& name) {
  for (const auto& [elsewhere, ours] : kNamesElsewhere)
    if (elsewhere == name) return "here it is perfwatt " + std::string(ours);
  std::vector<std::string> names;
  for (const Command& command : kCommands) names.emplace_back(command.name);
  const std::string hint = pw::did_you_mean(name, names);
  if (!hint.empty()) return hint;
  if (name.starts_with('-'))
    return "a command comes first: perfwatt run " + pw::shell_quoted(name) + " ..., for one";
  if (pw::on_path(name) || name.find('/') != std::string::npos)
    return "perfwatt run -- " + pw::shell_quoted(name) + " measures a program";
  return "perfwatt --help shows them all";
}

int unknown_command(const std::string& name) {
  const char* const kind = name.starts_with('-') ? "option" : "command";
  return pw::report_error(
      {pw::Failure::input, std::string("unknown ") + kind + " '" + name + "'", "", what_was_meant(name)});
}

int run_main(int argc, char** argv) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  if (name == "--version" || name == "-V") {
    fmt::print("perfwatt {}\n", PERFWATT_VERSION);
    return 0;
  }
  if (argc < 2 || name == "--help" || name == "-h" || name == "help") {
    print_help();
    return argc < 2 ? 2 : 0;
  }
  if (name == pw::kWaitFor) return pw::wait_for_command(argc - 1, argv + 1);
  for (const Command& command : kCommands)
    if (command.name == name) return command.function(argc - 1, argv + 1);
  return unknown_command(std::string(name));
}

}  // namespace

int main(int argc, char** argv) {
  pw::hide_environment_secrets();
  return pw::run_program(argc, argv, run_main);
}
