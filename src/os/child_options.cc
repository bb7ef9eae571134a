// SPDX-License-Identifier: GPL-3.0-or-later
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "os/child.h"
#include "os/run.h"

namespace pw {
namespace {

struct CpuRange {
  long first = 0;
  long last = 0;
};

std::optional<CpuRange> parse_range(const std::string& text) {
  const std::vector<std::string> ends = split(text, '-');
  const auto first = parse_integer(ends.front());
  const auto last = parse_integer(ends.back());
  if (ends.size() > 2 || !first || !last || *first < 0 || *last < *first) return std::nullopt;
  return CpuRange{*first, *last};
}

bool is_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

Result<cpu_set_t> parse_cpus(const std::string& list) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  ::sched_getaffinity(0, sizeof allowed, &allowed);
  cpu_set_t wanted;
  CPU_ZERO(&wanted);
  for (const std::string& part : split(list, ',')) {
    const std::optional<CpuRange> range = parse_range(part);
    if (!range)
      return fail(Failure::input, "'" + list + "' is not a list of CPUs", "--cpus", "write it as 0-3,8");
    for (long cpu = range->first; cpu <= range->last; ++cpu) {
      if (cpu >= CPU_SETSIZE || !CPU_ISSET(static_cast<unsigned>(cpu), &allowed))
        return fail(Failure::not_possible, "CPU " + std::to_string(cpu) + " is not one that we may run on",
                    "--cpus", "see: nproc, taskset -p $$");
      CPU_SET(static_cast<unsigned>(cpu), &wanted);
    }
  }
  return wanted;
}

Result<UserIds> find_user(const std::string& name) {
  const passwd* entry = ::getpwnam(name.c_str());
  if (!entry) return fail(Failure::input, "there is no user '" + name + "'", "--user");
  if (::getuid() != 0 && ::getuid() != entry->pw_uid)
    return fail(Failure::not_possible, "only root may run the command as another user", "--user",
                "run perfwatt with sudo, or leave --user out");
  return UserIds{entry->pw_uid, entry->pw_gid, entry->pw_name, entry->pw_dir};
}

Result<> check_program(const std::string& program) {
  if (program.find('/') != std::string::npos ? is_program(program) : on_path(program)) return {};
  if (program.find('/') != std::string::npos && ::access(program.c_str(), F_OK) == 0)
    return fail(Failure::command, "it is not an executable file", program,
                "chmod +x, or name its interpreter");
  return fail(Failure::command, "there is no such program", program, "is it on PATH?");
}

}  // namespace pw
