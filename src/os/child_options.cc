// SPDX-License-Identifier: GPL-3.0-or-later
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/child.h"
#include "os/run.h"

namespace pw {
namespace {

bool is_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

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
