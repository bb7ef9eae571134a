// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>

namespace pw {

// While it lives, a library opens files and sockets that the measured command would inherit; when it goes,
// they are marked close-on-exec. So are those that other threads of ours opened meanwhile.
class NotInherited {
 public:
  NotInherited();
  NotInherited(const NotInherited&) = delete;
  NotInherited& operator=(const NotInherited&) = delete;
  ~NotInherited();

 private:
  std::set<int> before_;
};

}  // namespace pw
