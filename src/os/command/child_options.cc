// SPDX-License-Identifier: GPL-3.0-or-later
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "os/command/child.h"
#include "os/run.h"

namespace pw {
namespace {

bool is_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::vector<gid_t> groups_of(const passwd& user) {
  int count = 0;
  ::getgrouplist(user.pw_name, user.pw_gid, nullptr, &count);
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(count, 1)), user.pw_gid);
  if (::getgrouplist(user.pw_name, user.pw_gid, groups.data(), &count) < 0) return {user.pw_gid};
  return groups;
}

}  // namespace

Result<UserIds> find_user(const std::string& name) {
  const passwd* entry = ::getpwnam(name.c_str());
  if (!entry) return fail(Failure::input, "there is no user '" + name + "'", "--user");
  if (::getuid() != 0 && ::getuid() != entry->pw_uid)
    return fail(Failure::not_possible, "only root may run the command as another user", "--user",
                "run perfwatt with sudo, or leave --user out");
  const std::string shell = entry->pw_shell && *entry->pw_shell ? entry->pw_shell : "/bin/sh";
  return UserIds{entry->pw_uid, entry->pw_gid, groups_of(*entry), entry->pw_name, entry->pw_dir, shell};
}

Result<> check_program(const std::string& program) {
  if (program.find('/') != std::string::npos ? is_program(program) : on_path(program)) return {};
  if (program.find('/') != std::string::npos && ::access(program.c_str(), F_OK) == 0)
    return fail(Failure::command, "it is not an executable file", program,
                "chmod +x, or name its interpreter");
  return fail(Failure::command, "there is no such program", program, "is it on PATH?");
}

}  // namespace pw
