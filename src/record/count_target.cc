// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/count_target.h"

#include <sys/types.h>

#include <utility>

#include "os/file.h"
#include "os/root.h"

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

Result<CountTarget> target_processes(const std::string& list) {
  auto processes = parse_processes(list);
  if (!processes) return pass_on(processes);
  CountTarget target;
  target.kind = CountTarget::Kind::processes;
  target.processes = std::move(*processes);
  return target;
}

Result<CountTarget> target_cpus(const std::string& list) {
  auto cpus = parse_counted_cpus(list, Root());
  if (!cpus) return pass_on(cpus);
  CountTarget target;
  target.kind = CountTarget::Kind::cpus;
  target.cpus = std::move(*cpus);
  return target;
}

Result<CountTarget> target_of(const TargetRequest& request) {
  const bool cpus = request.all_cpus || !request.cpus.empty();
  if (!request.processes.empty() && cpus)
    return fail(Failure::input, "-p and -a or -C exclude each other", "-p", "count processes, or CPUs");
  if (!request.processes.empty()) return target_processes(request.processes);
  return cpus ? target_cpus(request.cpus) : CountTarget{};
}

}  // namespace

Result<CountTarget> check_target(const TargetRequest& request, Experiment& experiment) {
  Result<CountTarget> target = target_of(request);
  if (!target) return target;
  target->per = per_from(request.per).value_or(Per::all);
  if (Result<> fits = check_per(*target, request.per); !fits) return pass_on(fits);
  if (target->threads_of_command() && request.delay)
    return fail(Failure::input, "--per thread of a command counts from its start", "--delay",
                "leave one of them out");
  experiment.target = target->text();
  experiment.per = request.per;
  experiment.interval = request.interval;
  experiment.delay = request.delay;
  return target;
}

std::vector<std::string> command_until_end(const CountTarget& target) {
  std::vector<std::string> command = {program_path().string(), kWaitFor};
  for (const pid_t process : target.processes) command.push_back(std::to_string(process));
  return command;
}

}  // namespace pw
