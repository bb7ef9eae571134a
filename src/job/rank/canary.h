// SPDX-License-Identifier: GPL-3.0-or-later
// Tells a signal that was sent to our whole process group (or to each process of it) from one that was sent
// to us alone: the command, which is in that group, has had the first itself.
#pragma once

#include <sys/types.h>

namespace pw {

class Canary {
 public:
  // A child that sits in our group and takes no signal. Every signal is blocked here.
  Canary();
  Canary(const Canary&) = delete;
  Canary& operator=(const Canary&) = delete;
  ~Canary();

  // Whether it was sent that signal, too, since it was asked last. Waits a few milliseconds: who signals
  // processes one by one may not be there yet.
  bool had(int number);

 private:
  void hatch();
  void end();
  pid_t process_ = -1;
};

}  // namespace pw
