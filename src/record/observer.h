// SPDX-License-Identifier: GPL-3.0-or-later
// Who is told how a run goes.
#pragma once

#include <optional>
#include <string>

#include "model/recording.h"

namespace pw {

struct Progress {
  std::string phase;  // "idle before", "warm-up", "test", "idle after"
  int test = 0;       // from 1 in phase "test"
  int pass = 0;
  std::string variant;                // its label; "": there is one
  Seconds spent;                      // in this phase; of an execution since its begin
  std::optional<Seconds> phase_left;  // of an idle window
  std::optional<Seconds> left;        // of the whole run, once an execution has been timed
  std::optional<Watts> watts;         // the latest reading
  std::optional<double> wanted;       // StopRule::width, where there is one
  std::optional<double> width;        // reached so far
};

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void progress(const Progress& progress) = 0;  // about twice a second
  virtual void execution(const Execution& execution) = 0;
  virtual void warning(const std::string& text) = 0;  // at once; it is noted, too
};

}  // namespace pw
