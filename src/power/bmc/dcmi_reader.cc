// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/bmc/dcmi_reader.h"

#include <fmt/format.h>

#include <utility>

#include "os/clock.h"
#include "power/bmc/ipmi_error.h"
#include "power/reader/not_inherited.h"
#include "power/reader/reading.h"

namespace pw {
namespace {

// A BMC that takes 1.5 s must not look lost: libfreeipmi's retransmission after 1 s would make that a reading
// of 7 s. Measured with 1.6.10: a BMC that is silent is given up after 12 s.
constexpr unsigned kSessionTimeoutMs = 8000;
constexpr unsigned kRetransmissionMs = 3000;
constexpr Nanoseconds kStale{5'000'000'000};

struct FreeObject {
  void operator()(fiid_obj_t object) const { fiid_obj_destroy(object); }
};
using Object = std::unique_ptr<std::remove_pointer_t<fiid_obj_t>, FreeObject>;

std::optional<std::uint64_t> field(fiid_obj_t object, const char* name) {
  std::uint64_t value = 0;
  if (fiid_obj_get(object, name, &value) != 1) return std::nullopt;
  return value;
}

SampleStatus take_answer(fiid_obj_t answer, PowerSample& sample) {
  const auto watts = field(answer, "current_power");
  const auto active = field(answer, "power_reading_state.power_measurement");
  if (const auto time = field(answer, "time_stamp")) sample.sensor_time = static_cast<std::int64_t>(*time);
  if (!watts || !active) return SampleStatus::error;
  if (*active != 0 || *watts > 0) sample.watts = Watts{static_cast<double>(*watts)};
  return *active != 0 ? SampleStatus::ok : SampleStatus::inactive;
}

}  // namespace

int DcmiReader::open() {
  const NotInherited opened_here;
  context_.reset(ipmi_ctx_create());
  if (!context_) return IPMI_ERR_OUT_OF_MEMORY;
  if ((address_.in_band ? open_device() : open_session()) == 0) return 0;
  const int code = ipmi_ctx_errnum(context_.get());
  context_.reset();
  return code != 0 ? code : IPMI_ERR_INTERNAL_ERROR;
}

PowerSource DcmiReader::describe() const {
  PowerSource source = power_source("dcmi", shown_address(address_), rate_hz_);
  source.simulated = address_.simulated;
  return source;
}

std::vector<Channel> DcmiReader::channels() const {
  Channel channel = {0,   "system", ChannelKind::instantaneous, std::string(kWholeMachine),
                     1.0, {},       std::string(kMeterBmc)};
  channel.device = shown_address(address_);
  return {channel};
}

void DcmiReader::read_into(std::vector<PowerSample>& samples) {
  PowerSample sample;
  Nanoseconds begin = monotonic_now();
  if (!context_ && !refused_) {
    sample.status = open_again();
    if (context_) begin = monotonic_now();
  }
  if (context_) sample.status = ask(sample);
  stamp(sample, begin, monotonic_now());
  if (usable(sample) && is_stale(sample)) {
    sample.watts.reset();
    sample.status = SampleStatus::timeout;
  }
  samples.push_back(sample);
}

// Its time stamp has moved before, and now stands still for kStale. Many BMCs have one that never moves
// (1970).
bool DcmiReader::is_stale(const PowerSample& sample) {
  if (!sample.sensor_time) return false;
  const auto last = std::exchange(stamp_, sample.sensor_time);
  if (last != stamp_) {
    stamp_moves_ = stamp_moves_ || last.has_value();
    stamp_since_ = sample.time;
    warnings_.over(0);
  }
  if (!stamp_moves_ || sample.time - stamp_since_ < kStale) return false;
  warnings_.trouble(0, 0,
                    fmt::format("the BMC repeats its reading of {:.1f} s ago",
                                to_seconds(sample.time - stamp_since_).value));
  return true;
}

int DcmiReader::open_device() {
  return ipmi_ctx_open_inband(context_.get(), IPMI_DEVICE_OPENIPMI, 0, 0, 0, kIpmiDevice, 0,
                              IPMI_FLAGS_DEFAULT);
}

int DcmiReader::open_session() {
  return ipmi_ctx_open_outofband_2_0(context_.get(), address_.host.c_str(), address_.user.c_str(),
                                     password_.c_str(), nullptr, 0, privilege_,
                                     static_cast<std::uint8_t>(address_.cipher), kSessionTimeoutMs,
                                     kRetransmissionMs, address_.workarounds, IPMI_FLAGS_DEFAULT);
}

SampleStatus DcmiReader::open_again() {
  last_error_ = open();
  if (last_error_ == 0) ++reconnects_;
  if (is_refusal(last_error_)) {
    refused_ = true;
    warnings_.say(why_not_opened(last_error_).what);
  }
  return is_timeout(last_error_) ? SampleStatus::timeout : SampleStatus::session_lost;
}

SampleStatus DcmiReader::ask(PowerSample& sample) {
  last_error_ = 0;
  completion_code_.reset();
  const Object answer(fiid_obj_create(tmpl_cmd_dcmi_get_power_reading_rs));
  if (!answer) return SampleStatus::error;
  const int asked = ipmi_cmd_dcmi_get_power_reading(
      context_.get(), IPMI_DCMI_POWER_READING_MODE_SYSTEM_POWER_STATISTICS, 0, answer.get());
  if (asked >= 0) return take_answer(answer.get(), sample);
  last_error_ = ipmi_ctx_errnum(context_.get());
  if (is_answer(last_error_)) completion_code_ = field(answer.get(), "comp_code");
  return failed();
}

// A session that may be gone is opened again at the next reading.
SampleStatus DcmiReader::failed() {
  if (!keeps_session(last_error_)) context_.reset();
  return status_of_ipmi(last_error_);
}

}  // namespace pw
