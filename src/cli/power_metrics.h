// SPDX-License-Identifier: GPL-3.0-or-later
// What a watch of power tells Prometheus.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyze/power/power_stats.h"
#include "model/recording.h"

namespace pw {

class PowerMetrics {
 public:
  explicit PowerMetrics(const RecordingHeader& header);

  // In the order of time within a channel.
  void add(std::span<const PowerSample> samples);

  // All of it in Prometheus's text format, with no sample where nothing is known.
  std::string text() const;

 private:
  struct Watched {
    std::string labels;
    std::size_t source = 0;  // index of sources_
    PowerStats stats;
    std::int64_t readings = 0, failed = 0;
    bool up = false;                    // the latest reading gave a value
    std::optional<double> last_unix_s;  // of the latest reading with a value
  };
  struct Family;
  static const Family kFamilies[];

  std::string sources_up() const;

  Nanoseconds start_;
  double start_unix_s_;
  std::string info_;                  // labels
  std::vector<std::string> sources_;  // labels
  std::vector<Watched> channels_;
};

}  // namespace pw
