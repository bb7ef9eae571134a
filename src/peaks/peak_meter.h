// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/peaks.h"
#include "os/root.h"
#include "peaks/kernels/kernel_sets.h"
#include "peaks/team.h"

namespace pw {

// Where threads run: all CPUs that we may run on, and one of each core. `cores` is `cpus` where no two share
// one.
struct PeakCpus {
  std::vector<int> cpus, cores;
};

// Measures one quantity after the other: with one thread, where the kernel puts it, and with all, one on each
// CPU or on each core: what gives more.
class PeakMeter {
 public:
  PeakMeter(const Root& root, const PeakCpus& cpus, const TeamTime& time);

  void measure(std::string_view quantity);

  const std::vector<Peak>& peaks() const { return peaks_; }
  // What could not be measured: "no_bf16", and why.
  const std::vector<Fact>& refusals() const { return refusals_; }
  std::string isa() const;  // isa_text() of the kernels

 private:
  struct PeakTeam {
    std::vector<int> cpus;
    bool pinned = true;
    std::string where;
  };

  void refuse(std::string_view quantity, const PeakTeam& team, const std::string& why);
  Result<Peak> of_team(std::string_view quantity, const PeakTeam& team) const;
  Result<Peak> run(std::string_view quantity, const PeakTeam& team, double per_round, const MakeRounds& make,
                   const std::string& how) const;
  Result<Peak> clock(const PeakTeam& team) const;
  Result<Peak> computed(std::string_view quantity, const PeakTeam& team) const;
  Result<Peak> read(std::string_view quantity, const PeakTeam& team) const;

  Root root_;
  TeamTime time_;
  std::vector<const KernelSet*> kernels_;
  std::vector<PeakTeam> teams_;
  std::vector<Peak> peaks_;
  std::vector<Fact> refusals_;
};

}  // namespace pw
