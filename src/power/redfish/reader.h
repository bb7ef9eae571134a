// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/power.h"
#include "power/http/http.h"
#include "power/http/status.h"
#include "power/reader/power_reader.h"
#include "power/reader/warnings.h"
#include "power/redfish/address.h"
#include "power/redfish/find.h"
#include "power/redfish/history_reader.h"
#include "power/redfish/json.h"
#include "power/redfish/session.h"

namespace pw {

// Reads what was found, each resource once a reading, at most twice a second; of the parts of the machine one
// a reading, where its turn has come, and of the histories of the power supplies one.
class RedfishReader : public PowerReader {
 public:
  RedfishReader(RedfishAddress address, std::unique_ptr<RedfishSession> session, RedfishFound found,
                double rate_hz);

  PowerSource describe() const override;
  std::vector<Channel> channels() const override;
  void read_into(std::vector<PowerSample>& samples) override;
  bool over_network() const override { return true; }
  bool refused() const override { return session_->refused(); }
  std::int64_t reconnects() const override { return session_->reconnects(); }
  std::vector<std::string> take_warnings() override { return warnings_.take(); }
  std::vector<std::string> left_out() const override { return found_.left_out; }

 private:
  struct Asked {
    std::optional<Json> answer;
    PowerSample blank;
  };
  void read_channel(std::size_t channel, std::map<std::string, Asked>& asked,
                    std::vector<PowerSample>& samples);
  std::optional<std::size_t> component_due() const;
  void ask(const std::string& path, std::size_t channel, Asked& asked);
  void take(const RedfishWatts& watts, std::size_t channel, PowerSample& sample);

  RedfishAddress address_;
  std::unique_ptr<RedfishSession> session_;
  RedfishFound found_;
  double rate_hz_;
  std::vector<Nanoseconds> due_;  // of each channel that is a component
  std::optional<HistoryReader> history_;
  Warnings warnings_;
};

}  // namespace pw
