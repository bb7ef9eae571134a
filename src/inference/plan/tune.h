// SPDX-License-Identifier: GPL-3.0-or-later
// Which of several ways to compute the same is the fastest here: measured once, then read from a file.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "os/clock.h"
#include "os/root.h"

namespace pw::inference {

struct Candidate {
  std::string name;
  // Makes it ready to be run any number of times; only called where it is measured.
  std::function<std::function<void()>()> prepare;
};

// How busy a machine may be for an answer to hold.
struct Quiet {
  double most_others = 0.2;  // CPUs that others keep busy while it is measured
  bool now = true;           // it is worth measuring again what was measured on a busy machine
};

// What a Tuner reads; tests have their own.
struct TuneClocks {
  std::function<Nanoseconds()> now = monotonic_now;
  std::function<Seconds()> others;  // CPU time that other programs have used so far
};

class Tuner {
 public:
  // `machine`: all that the answers depend on, on one line; names the file in `folder`. `redo`: what the file
  // says is measured again.
  Tuner(const std::filesystem::path& folder, std::string machine, bool redo, const Quiet& quiet,
        TuneClocks clocks);

  // The index of the fastest. `work`: the same text, the same answer. Nothing is measured where one is the
  // only one.
  std::size_t choose(const std::string& work, const std::vector<Candidate>& candidates);

  // Writes the file, where something was measured: on a busy machine, as provisional answers. An unwritable
  // folder is a warning: the answers hold for now.
  void save();

  // What the user should know: a file that could not be used, or written, and answers that may be wrong.
  const std::vector<std::string>& warnings() const { return warnings_; }
  std::size_t measured() const { return fresh_.size(); }
  const std::filesystem::path& file() const { return file_; }

 private:
  struct Answer {
    std::string name;
    bool provisional = false;  // measured on a busy machine
  };

  void read();
  bool holds(const std::string& work, const Answer& answer) const;
  bool was_busy() const;

  std::filesystem::path file_;
  std::string machine_;
  bool redo_;
  Quiet quiet_;
  TuneClocks clocks_;
  std::map<std::string, Answer> answers_;  // of each work
  std::set<std::string> fresh_;            // measured by this Tuner
  bool keeps_ = true;                      // false: others could write in its folder
  bool doubtful_ = false;                  // a provisional answer was given
  Nanoseconds begin_{};                    // of what this Tuner measured
  Seconds others_begin_{};
  std::vector<std::string> warnings_;
};

// Of all programs but this one, and what the hypervisor took, since the machine was started; for differences.
Seconds cpu_time_of_others(const Root& root);

// Beside a team of `threads`: what hardly slows it down.
double harmless_load(int cpus, int threads);

}  // namespace pw::inference
