// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
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
#include "power/redfish/json.h"
#include "power/redfish/session.h"

namespace pw {

// Reads what was found, each resource once a reading, at most twice a second.
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
  void ask(const std::string& path, std::size_t channel, Asked& asked);
  void take(const RedfishWatts& watts, std::size_t channel, PowerSample& sample);

  RedfishAddress address_;
  std::unique_ptr<RedfishSession> session_;
  RedfishFound found_;
  double rate_hz_;
  Warnings warnings_;
};

}  // namespace pw
