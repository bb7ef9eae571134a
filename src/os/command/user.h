// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace pw {

struct UserIds {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  // all of them
  std::string name;
  std::string home;
  std::string shell;
};

// Failure::input where there is no such user; not_possible where we may not become them.
Result<UserIds> find_user(const std::string& name);

}  // namespace pw
