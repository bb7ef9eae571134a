// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "power/hmc/address.h"
#include "power/hmc/feeds.h"
#include "power/hmc/find.h"
#include "power/hmc/server_bins.h"
#include "power/hmc/session.h"
#include "power/reader/bins.h"
#include "power/reader/power_reader.h"
#include "power/reader/warnings.h"

namespace pw {

// The server's means over 30 s as an energy counter, and what the server and the partition used in them. They
// come when they are over, and later: those since shortly before the reader was made are samples, all that
// the console keeps are bins.
class HmcReader : public PowerReader {
 public:
  // `length` of the means.
  HmcReader(HmcAddress address, std::unique_ptr<HmcSession> session, HmcFound found, Nanoseconds length,
            double rate_hz);

  PowerSource describe() const override;
  std::vector<Channel> channels() const override { return {channel_}; }
  void read_into(std::vector<PowerSample>& samples) override;
  bool tells_by_itself() const override { return true; }
  bool over_network() const override { return true; }
  bool refused() const override { return session_->refused(); }
  std::int64_t reconnects() const override { return session_->reconnects(); }
  std::vector<ServerBin> take_bins(bool all) override { return bins_.ready(session_->clock(), all); }
  std::vector<std::string> take_warnings() override { return warnings_.take(); }

 private:
  bool take(HmcFeed feed, std::vector<PowerSample>& samples);
  void take_energy(HmcSample& sample, std::vector<PowerSample>& samples);
  void note_clock();
  void note_silence();
  std::int64_t count_of(HmcFeed feed);
  std::vector<PowerSample> nothing_read(const HttpAnswer& answer) const;

  HmcAddress address_;
  std::unique_ptr<HmcSession> session_;
  HmcFound found_;
  double rate_hz_;
  Channel channel_;
  Nanoseconds begin_;  // samples of before it are not made
  BinCounter counter_;
  ServerBins bins_;
  Warnings warnings_;
};

}  // namespace pw
