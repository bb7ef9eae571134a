// SPDX-License-Identifier: GPL-3.0-or-later
// Prints a watch of power while it goes on.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/power_output.h"
#include "record/watch.h"

namespace pw {

class WatchPrinter : public WatchObserver {
 public:
  // `format`: "csv" and "jsonl" print rows, "view" redraws a table, "summary" prints it once at the end.
  WatchPrinter(const RecordingHeader& header, const std::string& format);

  void begin() override;
  void samples(std::span<const PowerSample> samples) override;
  void note(const Note& note) override;
  bool interval(Seconds elapsed) override;
  void end(Seconds elapsed) override;

 private:
  void draw(Seconds elapsed, int height);
  void clear();

  std::string format_;
  double start_unix_s_;
  std::vector<WatchedChannel> channels_;
  std::vector<std::string> drawn_;  // lines on the terminal
};

}  // namespace pw
