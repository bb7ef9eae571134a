// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/power.h"
#include "power/http/service_clock.h"
#include "power/reader/backoff.h"
#include "power/reader/bins.h"
#include "power/reader/warnings.h"
#include "power/redfish/channels.h"
#include "power/redfish/history.h"
#include "power/redfish/session.h"

namespace pw {

// Reads the input history of the power supplies: each bin once.
class HistoryReader {
 public:
  HistoryReader(RedfishSession& session, RedfishHistory history);

  const std::vector<Channel>& channels() const { return history_.channels; }

  // An answer that was asked for at `asked` has come: its Date tells the service's clock.
  void heard(Nanoseconds asked, Warnings& warnings);

  // Asks one supply that may have something new, if any. Appends readings: of the channel that channels()
  // has first as `first`. Troubles are those of the parts from `first` on.
  void read_into(int first, std::vector<PowerSample>& samples, Warnings& warnings);

 private:
  struct Supply {
    Nanoseconds due;
    Backoff failed;
    BinCounter counter;
  };
  std::optional<std::vector<HistoryItem>> ask(std::size_t supply, std::size_t part, Warnings& warnings);
  void take(std::size_t supply, const std::vector<HistoryItem>& items, std::vector<PowerSample>& samples);
  bool ask_clock(Warnings& warnings);
  void tell_clock(const ToldTime& time, Nanoseconds asked, Warnings& warnings);
  void add_sums(std::vector<PowerSample>& samples, Warnings& warnings);

  RedfishSession& session_;
  RedfishHistory history_;
  SupplyHistories histories_;
  ServiceClock clock_;
  std::vector<Supply> supplies_;
  BinCounter sum_;
  std::int64_t gaps_ = 0, times_set_ = 0;
};

}  // namespace pw
