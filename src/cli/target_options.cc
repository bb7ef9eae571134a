// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/target_options.h"

#include "cli/commands.h"
#include "cli/common.h"
#include "os/file.h"

namespace pw {
namespace {

Result<> check_per(const CountTarget& target, const std::string& per) {
  if (per.empty()) return {};
  if (target.per == Per::thread && target.kind == CountTarget::Kind::cpus)
    return fail(Failure::input, "--per thread counts the command or a process, not CPUs", "--per",
                "write --per cpu, core or socket");
  if (target.per != Per::thread && target.kind != CountTarget::Kind::cpus)
    return fail(Failure::input, "--per " + per + " counts CPUs", "--per", "add -a, or -C LIST");
  return {};
}

Result<CountTarget> target_of(const TypedTarget& typed) {
  CountTarget target;
  if (!typed.processes.empty() && (typed.all_cpus || !typed.cpus.empty()))
    return fail(Failure::input, "-p and -a or -C exclude each other", "-p", "count processes, or CPUs");
  if (!typed.processes.empty()) {
    auto processes = parse_processes(typed.processes);
    if (!processes) return pass_on(processes);
    target.kind = CountTarget::Kind::processes;
    target.processes = std::move(*processes);
  } else if (typed.all_cpus || !typed.cpus.empty()) {
    auto cpus = parse_counted_cpus(typed.cpus, Root());
    if (!cpus) return pass_on(cpus);
    target.kind = CountTarget::Kind::cpus;
    target.cpus = std::move(*cpus);
  }
  return target;
}

}  // namespace

void add_target_options(CLI::App& app, TypedTarget& typed) {
  app.add_option("-p,--pid", typed.processes, "count these processes, until COMMAND or they end")
      ->type_name("PID,..");
  app.add_flag("-a,--all-cpus", typed.all_cpus, "count everything on every CPU while COMMAND runs");
  app.add_option("-C,--cpu", typed.cpus, "count everything on these CPUs")->type_name("LIST");
  app.add_option("--per", typed.per, "counts per thread, or with -a or -C per core, socket, cpu")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"thread", "core", "socket", "cpu"}));
  add_number(app, "--interval", typed.interval_ms, "MS", {1, 1e9},
             "also read the counters every MS milliseconds");
  add_number(app, "--delay", typed.delay_ms, "MS", {1, 1e9},
             "start the counters that long after the command");
}

Result<CountTarget> check_target(const TypedTarget& typed, Experiment& experiment) {
  Result<CountTarget> target = target_of(typed);
  if (!target) return target;
  target->per = per_from(typed.per).value_or(Per::all);
  if (Result<> fits = check_per(*target, typed.per); !fits) return pass_on(fits);
  if (target->threads_of_command() && typed.delay_ms > 0)
    return fail(Failure::input, "--per thread of a command counts from its start", "--delay",
                "leave one of them out");
  experiment.target = target->text();
  experiment.per = typed.per;
  if (typed.interval_ms > 0) experiment.interval = Seconds{typed.interval_ms / 1000};
  if (typed.delay_ms > 0) experiment.delay = Seconds{typed.delay_ms / 1000};
  return target;
}

std::vector<std::string> command_until_end(const CountTarget& target) {
  std::vector<std::string> command = {program_path().string(), kWaitFor};
  for (const pid_t process : target.processes) command.push_back(std::to_string(process));
  return command;
}

}  // namespace pw
