// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>

#include "base/list.h"
#include "base/text.h"
#include "os/cpu_set.h"
#include "os/perf_event.h"

namespace pw {
namespace {

constexpr std::array<std::pair<std::string_view, Per>, 4> kPer = {
    {{"thread", Per::thread}, {"core", Per::core}, {"socket", Per::socket}, {"cpu", Per::cpu}}};

std::filesystem::path task_folder(pid_t process) {
  return std::filesystem::path("proc") / std::to_string(process) / "task";
}

std::string thread_part(const Root& root, pid_t process, pid_t thread) {
  const auto name = root.text(task_folder(process) / std::to_string(thread) / "comm");
  // Its counters are inherited.
  return fmt::format("thread {} {} (and what it started)", thread, printable(name.value_or("?")));
}

void add_threads(std::vector<CountPlace>& places, pid_t process, Per per, const Root& root) {
  for (const std::string& name : root.names(task_folder(process)))
    if (const auto thread = parse_integer(name)) {
      const auto id = static_cast<pid_t>(*thread);
      places.push_back({id, -1, per == Per::thread ? thread_part(root, process, id) : ""});
    }
}

std::string cpu_part(const Root& root, int cpu, Per per) {
  if (per == Per::all) return "";
  if (per == Per::cpu || per == Per::thread) return fmt::format("cpu {}", cpu);
  const auto topology =
      std::filesystem::path("sys/devices/system/cpu") / fmt::format("cpu{}", cpu) / "topology";
  const std::string socket =
      fmt::format("socket {}", root.text(topology / "physical_package_id").value_or("?"));
  return per == Per::socket
             ? socket
             : fmt::format("{} core {}", socket, root.text(topology / "core_id").value_or("?"));
}

tl::unexpected<Error> cannot_count(pid_t process, int error) {
  if (error == ESRCH)
    return fail(Failure::not_possible, fmt::format("there is no process {}", process), "-p",
                "it may have ended");
  return fail_errno(Failure::not_possible, fmt::format("process {} cannot be counted", process), error, "-p",
                    "run as root or as the user of that process");
}

}  // namespace

std::optional<Per> per_from(std::string_view text) {
  for (const auto& [name, per] : kPer)
    if (name == text) return per;
  return std::nullopt;
}

std::string CountTarget::text() const {
  if (kind == Kind::processes) return fmt::format("process {}", fmt::join(processes, ", "));
  return kind == Kind::cpus ? fmt::format("CPUs {}", fmt::join(cpus, ", ")) : "";
}

TrialPlace CountTarget::trial() const {
  if (kind == Kind::processes) return {processes.front(), -1};
  return kind == Kind::cpus ? TrialPlace{-1, cpus.front()} : TrialPlace{};
}

std::vector<CountPlace> count_places(const CountTarget& target, pid_t command, const Root& root) {
  std::vector<CountPlace> places;
  if (target.kind == CountTarget::Kind::processes)
    for (const pid_t process : target.processes) add_threads(places, process, target.per, root);
  else if (target.kind == CountTarget::Kind::cpus)
    for (const int cpu : target.cpus) places.push_back({-1, cpu, cpu_part(root, cpu, target.per)});
  else
    places.push_back({command, -1, ""});
  return places;
}

std::vector<int> online_cpus(const Root& root) {
  const std::vector<int> online = cpus_online(root);
  return online.empty() ? std::vector<int>{0} : online;
}

Result<std::vector<pid_t>> parse_processes(const std::string& list) {
  std::vector<pid_t> processes;
  for (const std::string& part : split(list, ',')) {
    const auto number = parse_integer(trim(part));
    if (!number || *number < 1 || *number > 1 << 22)
      return fail(Failure::input, "'" + printable(part) + "' is no process number", "-p", "write -p 123,124");
    const auto process = static_cast<pid_t>(*number);
    perf_event_attr attr = PerfEvent::counting(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_DUMMY);
    attr.exclude_kernel = attr.exclude_hv = 1;
    const auto opened = PerfEvent::open(attr, process, -1);
    if (!opened && (opened.error() == ESRCH || !Root().exists(task_folder(process))))
      return cannot_count(process, ESRCH);
    if (!opened && (opened.error() == EPERM || opened.error() == EACCES))
      return cannot_count(process, opened.error());
    if (std::find(processes.begin(), processes.end(), process) == processes.end())
      processes.push_back(process);  // named twice, it is still counted once
  }
  return processes;
}

Result<std::vector<int>> parse_counted_cpus(const std::string& list, const Root& root) {
  const std::vector<int> online = online_cpus(root);
  if (list.empty()) return online;
  const auto cpus = parse_list(list);
  if (!cpus)
    return fail(Failure::input, "'" + printable(list) + "' is no list of CPUs", "-C", "write -C 0-3,8");
  for (const int cpu : *cpus)
    if (std::find(online.begin(), online.end(), cpu) == online.end())
      return fail(Failure::not_possible, fmt::format("CPU {} is not online", cpu), "-C",
                  fmt::format("online are {}", root.text("sys/devices/system/cpu/online").value_or("?")));
  const std::set<int> unique(cpus->begin(), cpus->end());
  return std::vector<int>(unique.begin(), unique.end());
}

}  // namespace pw
