// SPDX-License-Identifier: GPL-3.0-or-later
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>

#include "os/command/user.h"

namespace pw {
namespace {

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

}  // namespace pw
