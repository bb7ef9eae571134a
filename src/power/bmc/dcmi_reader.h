// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <freeipmi/freeipmi.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/power.h"
#include "os/secret.h"
#include "power/bmc/dcmi_address.h"
#include "power/reader/power_reader.h"
#include "power/reader/warnings.h"

namespace pw {

inline constexpr const char* kIpmiDevice = "/dev/ipmi0";

// One held session, or the device.
class DcmiReader : public PowerReader {
 public:
  // `privilege`: IPMI_PRIVILEGE_LEVEL_*, of a session.
  DcmiReader(DcmiAddress address, std::string_view password, double rate_hz, std::uint8_t privilege)
      : address_(std::move(address)), password_(password), rate_hz_(rate_hz), privilege_(privilege) {}

  // 0, or the IPMI_ERR_*. libfreeipmi has none for answers that come doubled or late while a session begins.
  int open();

  PowerSource describe() const override;
  std::vector<Channel> channels() const override;
  void read_into(std::vector<PowerSample>& samples) override;
  bool over_network() const override { return !address_.in_band; }
  bool refused() const override { return refused_; }
  std::int64_t reconnects() const override { return reconnects_; }
  std::vector<std::string> take_warnings() override { return warnings_.take(); }

  // Of the last reading: an IPMI_ERR_*, and the BMC's completion code where it answered.
  int last_error() const { return last_error_; }
  std::optional<std::uint64_t> completion_code() const { return completion_code_; }

 private:
  struct FreeContext {
    // Ends the session, too, if there is one: as long as that takes where the BMC is silent.
    void operator()(ipmi_ctx_t context) const { ipmi_ctx_destroy(context); }
  };
  using Context = std::unique_ptr<std::remove_pointer_t<ipmi_ctx_t>, FreeContext>;

  int open_device();
  int open_session();
  SampleStatus open_again();
  SampleStatus ask(PowerSample& sample);
  SampleStatus failed();
  bool is_stale(const PowerSample& sample);

  DcmiAddress address_;
  Secret password_;
  double rate_hz_;
  std::uint8_t privilege_;
  Context context_;
  std::int64_t reconnects_ = 0;
  int last_error_ = 0;
  bool refused_ = false;
  std::optional<std::uint64_t> completion_code_;
  std::optional<std::int64_t> stamp_;
  Nanoseconds stamp_since_;
  bool stamp_moves_ = false;
  Warnings warnings_;
};

}  // namespace pw
