// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "machine/partition_state.h"
#include "model/recording.h"
#include "os/root.h"

namespace pw {

// Reads what can change between two executions. Which files there are is found out once, so that a reading
// takes a fraction of a millisecond (on POWER more: PartitionReader). docs/recording.md lists the keys.
class StateReader {
 public:
  explicit StateReader(Root root = Root());
  MachineState read() const;

 private:
  void find_throttle_counts(const std::vector<int>& cores, const std::vector<int>& sockets);

  struct Count {
    std::string key;
    std::vector<std::string> files;  // whose sum it is
  };
  std::optional<std::string> throttled_by_quota() const;
  void add_count(const std::string& key, const std::string& file);

  Root root_;
  PartitionReader partition_;
  std::vector<int> cpus_;  // one per core, not more than kMostCpus of them
  std::vector<Count> throttled_;
  std::vector<std::string> quotas_;  // CgroupLimits::throttled

  static constexpr std::size_t kMostCpus = 64;
};

}  // namespace pw
