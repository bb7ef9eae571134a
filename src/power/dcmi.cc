// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/dcmi.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <freeipmi/freeipmi.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "os/clock.h"
#include "power/ipmi_error.h"
#include "power/not_inherited.h"

namespace pw {
namespace {

constexpr const char* kDevice = "/dev/ipmi0";
// A BMC that takes 1.5 s must not look lost: libfreeipmi's retransmission after 1 s would make that a reading
// of 7 s. Measured with 1.6.10: a BMC that is silent is given up after 12 s.
constexpr unsigned kSessionTimeoutMs = 8000;
constexpr unsigned kRetransmissionMs = 3000;
constexpr Nanoseconds kStale{5'000'000'000};

struct FreeContext {
  // Ends the session, too, if there is one: as long as that takes where the BMC is silent.
  void operator()(ipmi_ctx_t context) const { ipmi_ctx_destroy(context); }
};
using Context = std::unique_ptr<std::remove_pointer_t<ipmi_ctx_t>, FreeContext>;

struct FreeObject {
  void operator()(fiid_obj_t object) const { fiid_obj_destroy(object); }
};
using Object = std::unique_ptr<std::remove_pointer_t<fiid_obj_t>, FreeObject>;

// DCMI 1.5, 6.6.1 asks for no more than USER; some BMCs do.
constexpr std::uint8_t kPrivilegesTried[] = {IPMI_PRIVILEGE_LEVEL_USER, IPMI_PRIVILEGE_LEVEL_OPERATOR,
                                             IPMI_PRIVILEGE_LEVEL_ADMIN};

std::optional<std::uint64_t> field(fiid_obj_t object, const char* name) {
  std::uint64_t value = 0;
  if (fiid_obj_get(object, name, &value) != 1) return std::nullopt;
  return value;
}

class DcmiReader : public PowerReader {
 public:
  DcmiReader(DcmiAddress address, std::string password, double rate_hz, std::uint8_t privilege)
      : address_(std::move(address)),
        password_(std::move(password)),
        rate_hz_(rate_hz),
        privilege_(privilege) {}

  // 0, or the IPMI_ERR_*.
  int open() {
    const NotInherited opened_here;
    context_.reset(ipmi_ctx_create());
    if (!context_) return IPMI_ERR_OUT_OF_MEMORY;
    if ((address_.in_band ? open_device() : open_session()) == 0) return 0;
    const int code = ipmi_ctx_errnum(context_.get());
    context_.reset();
    return code;
  }

  PowerSource describe() const override {
    PowerSource source;
    source.name = "dcmi";
    source.address = shown_address(address_);
    source.simulated = address_.simulated;
    source.rate_hz = rate_hz_;
    return source;
  }

  std::vector<Channel> channels() const override {
    return {{0,
             "system",
             ChannelKind::instantaneous,
             std::string(kWholeMachine),
             1.0,
             {},
             std::string(kMeterBmc)}};
  }

  void read_into(std::vector<PowerSample>& samples) override {
    PowerSample sample;
    Nanoseconds begin = monotonic_now();
    if (!context_) {
      sample.status = open_again();
      if (context_) begin = monotonic_now();
    }
    if (context_) sample.status = ask(sample);
    sample.read = monotonic_now() - begin;
    sample.time = begin + sample.read / 2;
    if (usable(sample) && is_stale(sample)) {
      sample.watts.reset();
      sample.status = SampleStatus::timeout;
    }
    samples.push_back(sample);
  }

  std::int64_t reconnects() const override { return reconnects_; }
  std::vector<std::string> take_warnings() override { return std::exchange(warnings_, {}); }

  // Of the last reading: an IPMI_ERR_*, and the BMC's completion code where it answered.
  int last_error() const { return last_error_; }
  std::optional<std::uint64_t> completion_code() const { return completion_code_; }

 private:
  // Its time stamp has moved before, and now stands still for kStale. Many BMCs have one that never moves
  // (1970).
  bool is_stale(const PowerSample& sample) {
    if (!sample.sensor_time) return false;
    const auto last = std::exchange(stamp_, sample.sensor_time);
    if (last != stamp_) {
      stamp_moves_ = stamp_moves_ || last.has_value();
      stamp_since_ = sample.time;
      said_stale_ = false;
    }
    if (!stamp_moves_ || sample.time - stamp_since_ < kStale) return false;
    if (!std::exchange(said_stale_, true))
      warnings_.push_back(fmt::format("the BMC repeats its reading of {:.1f} s ago",
                                      to_seconds(sample.time - stamp_since_).value));
    return true;
  }

  int open_device() {
    return ipmi_ctx_open_inband(context_.get(), IPMI_DEVICE_OPENIPMI, 0, 0, 0, kDevice, 0,
                                IPMI_FLAGS_DEFAULT);
  }

  int open_session() {
    return ipmi_ctx_open_outofband_2_0(context_.get(), address_.host.c_str(), address_.user.c_str(),
                                       password_.c_str(), nullptr, 0, privilege_,
                                       static_cast<std::uint8_t>(address_.cipher), kSessionTimeoutMs,
                                       kRetransmissionMs, address_.workarounds, IPMI_FLAGS_DEFAULT);
  }

  SampleStatus open_again() {
    last_error_ = open();
    if (last_error_ == 0) ++reconnects_;
    return is_timeout(last_error_) ? SampleStatus::timeout : SampleStatus::session_lost;
  }

  SampleStatus ask(PowerSample& sample) {
    last_error_ = 0;
    completion_code_.reset();
    const Object answer(fiid_obj_create(tmpl_cmd_dcmi_get_power_reading_rs));
    if (!answer) return SampleStatus::error;
    const int asked = ipmi_cmd_dcmi_get_power_reading(
        context_.get(), IPMI_DCMI_POWER_READING_MODE_SYSTEM_POWER_STATISTICS, 0, answer.get());
    if (asked >= 0) return take(answer.get(), sample);
    last_error_ = ipmi_ctx_errnum(context_.get());
    if (is_answer(last_error_)) completion_code_ = field(answer.get(), "comp_code");
    return failed();
  }

  static SampleStatus take(fiid_obj_t answer, PowerSample& sample) {
    const auto watts = field(answer, "current_power");
    const auto active = field(answer, "power_reading_state.power_measurement");
    if (const auto time = field(answer, "time_stamp")) sample.sensor_time = static_cast<std::int64_t>(*time);
    if (!watts || !active) return SampleStatus::error;
    if (*active != 0 || *watts > 0) sample.watts = Watts{static_cast<double>(*watts)};
    return *active != 0 ? SampleStatus::ok : SampleStatus::inactive;
  }

  SampleStatus failed() {
    if (is_busy(last_error_)) return SampleStatus::busy;
    if (is_answer(last_error_)) return SampleStatus::error;
    context_.reset();  // the session may be gone: it is opened again at the next reading
    return is_timeout(last_error_) ? SampleStatus::timeout : SampleStatus::session_lost;
  }

  DcmiAddress address_;
  std::string password_;
  double rate_hz_;
  std::uint8_t privilege_;
  Context context_;
  std::int64_t reconnects_ = 0;
  int last_error_ = 0;
  std::optional<std::uint64_t> completion_code_;
  std::optional<std::int64_t> stamp_;
  Nanoseconds stamp_since_;
  bool stamp_moves_ = false;
  bool said_stale_ = false;
  std::vector<std::string> warnings_;
};

tl::unexpected<Error> refused(const DcmiAddress& address, int code) {
  return fail(Failure::not_possible, fmt::format("the BMC cannot be used: {}", ipmi_ctx_strerror(code)),
              shown_address(address), advice_on(code));
}

// Why a BMC that could be opened gives no watts.
tl::unexpected<Error> no_reading(const DcmiAddress& address, const DcmiReader& reader, SampleStatus status) {
  const auto no = [&](std::string what, const char* hint) {
    if (const auto code = reader.completion_code()) what += fmt::format(" (completion code {:02x})", *code);
    return fail(Failure::not_possible, std::move(what), shown_address(address), hint);
  };
  if (status == SampleStatus::inactive)
    return no("the BMC says 0 W, and that its power measurement is not active", "activate it on the BMC");
  if (status == SampleStatus::busy) return no("the BMC says that it is busy", "try again later");
  if (reader.last_error() == IPMI_ERR_COMMAND_INVALID_OR_UNSUPPORTED)
    return no("the BMC has no DCMI power reading", "this BMC cannot tell watts through DCMI");
  if (reader.last_error() == IPMI_ERR_BAD_COMPLETION_CODE)
    return no("the BMC refuses a DCMI power reading", "ipmitool dcmi power reading may tell more");
  if (reader.last_error() == 0)
    return no("the BMC's answer holds no watts", "ipmitool dcmi power reading may tell more");
  return refused(address, reader.last_error());
}

struct Opened {
  Result<std::unique_ptr<PowerReader>> reader;
  bool transient = false;             // trying again may help
  bool needs_more_privilege = false;  // the BMC answered that this level may not read power
};

Opened open_with(const DcmiAddress& address, const std::string& password, double rate_hz,
                 std::uint8_t privilege) {
  auto reader = std::make_unique<DcmiReader>(address, password, rate_hz, privilege);
  if (const int code = reader->open(); code != 0)
    return {refused(address, code), is_timeout(code) || is_busy(code)};
  const PowerSample first = reader->read().front();
  if (usable(first)) return {std::move(reader)};
  return {no_reading(address, *reader, first.status),
          first.status == SampleStatus::busy || first.status == SampleStatus::timeout,
          reader->last_error() == IPMI_ERR_PRIVILEGE_LEVEL_INSUFFICIENT};
}

}  // namespace

Result<> dcmi_in_band_usable() {
  const int fd = ::open(kDevice, O_RDWR | O_CLOEXEC);
  if (fd >= 0) {
    ::close(fd);
    return {};
  }
  const int error = errno;
  return fail_errno(Failure::not_possible, "the BMC's device cannot be opened", error, kDevice,
                    error == ENOENT ? "sudo modprobe -a ipmi_si ipmi_devintf (PowerNV: ipmi_powernv "
                                      "ipmi_devintf), or name a BMC on the network: dcmi://USER@HOST"
                                    : "run as root, or see perfwatt doctor");
}

Result<std::unique_ptr<PowerReader>> open_dcmi(const DcmiAddress& address, const std::string& password,
                                               double rate_hz, bool& transient) {
  transient = false;
  if (address.in_band)
    if (const Result<> usable = dcmi_in_band_usable(); !usable) return pass_on(usable);
  if (password.size() > IPMI_2_0_MAX_PASSWORD_LENGTH)
    return fail(Failure::input, "the password is longer than IPMI's 20 characters", shown_address(address));
  Opened opened = open_with(address, password, rate_hz, kPrivilegesTried[0]);
  for (std::size_t i = 1; i < std::size(kPrivilegesTried) && opened.needs_more_privilege; ++i)
    opened = open_with(address, password, rate_hz, kPrivilegesTried[i]);
  transient = opened.transient;
  return std::move(opened.reader);
}

}  // namespace pw
