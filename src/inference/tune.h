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
#include "os/clock.h"
#include "os/root.h"

namespace pw {

struct Candidate {
  std::string name;
  // Makes it ready to be run any number of times; only called where it is measured.
  std::function<std::function<void()>()> prepare;
};

class Tuner {
 public:
  // `machine`: all that the answers depend on, on one line; names the file in `folder`. `redo`: what the file
  // says is measured again.
  // `clock`: for tests.
  Tuner(const std::filesystem::path& folder, std::string machine, bool redo,
        std::function<Nanoseconds()> clock = monotonic_now);

  // The index of the fastest. `work`: the same text, the same answer. Nothing is measured where one is the
  // only one.
  std::size_t choose(const std::string& work, const std::vector<Candidate>& candidates);

  // Writes the file, where something was measured. An unwritable folder is a warning: the answers hold for
  // now.
  void save();

  // What the user should know: a file that could not be used, or written.
  const std::vector<std::string>& warnings() const { return warnings_; }
  std::size_t measured() const { return fresh_.size(); }
  const std::filesystem::path& file() const { return file_; }

 private:
  void read();

  std::filesystem::path file_;
  std::string machine_;
  bool redo_;
  std::function<Nanoseconds()> clock_;
  std::map<std::string, std::string> answers_;  // work, name
  std::set<std::string> fresh_;                 // measured by this Tuner
  std::vector<std::string> warnings_;
};

// "AMD EPYC, oneDNN 2.6.3, OpenBLAS Cooperlake, 2 threads"
std::string tuned_machine(const Root& root, int threads);

}  // namespace pw
