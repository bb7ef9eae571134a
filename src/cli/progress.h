// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/common.h"
#include "model/recording.h"
#include "record/observer.h"

namespace pw {

// One line on stderr that is written over, on a terminal; otherwise silent but for failures.
class ProgressLine : public Observer {
 public:
  // `header` must outlive this.
  explicit ProgressLine(const RecordingHeader& header);
  void progress(const Progress& progress) override;
  void execution(const Execution& execution) override;
  void warning(const std::string& text) override;

 private:
  const RecordingHeader& header_;
  int tests_;
  int passes_;
  bool simulated_;
  StatusLine line_;
};

// "test 3, pass 1: exit status 7" and the last lines of what it printed, on stderr.
void print_failure(const Execution& execution, const Experiment& experiment);

}  // namespace pw
