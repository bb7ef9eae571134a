// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/bmc/dcmi.h"

#include <fcntl.h>
#include <freeipmi/freeipmi.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

#include "power/bmc/dcmi_reader.h"
#include "power/bmc/ipmi_error.h"
#include "power/reader/no_value.h"
#include "power/reader/password.h"
#include "power/reader/patience.h"

namespace pw {
namespace {

// DCMI 1.5, 6.6.1 asks for no more than USER; some BMCs do.
const std::vector<std::uint8_t> kPrivilegesTried = {IPMI_PRIVILEGE_LEVEL_USER, IPMI_PRIVILEGE_LEVEL_OPERATOR,
                                                    IPMI_PRIVILEGE_LEVEL_ADMIN};

tl::unexpected<Error> refused(const DcmiAddress& address, const IpmiRefusal& why) {
  return fail(Failure::not_possible, why.what, shown_address(address), why.hint);
}

struct Opened {
  Result<std::unique_ptr<PowerReader>> reader;
  bool transient = false;             // trying again may help
  bool needs_more_privilege = false;  // the BMC answered that this level may not read power
};

Opened open_with(const DcmiAddress& address, std::string_view password, double rate_hz,
                 std::uint8_t privilege) {
  auto reader = std::make_unique<DcmiReader>(address, password, rate_hz, privilege);
  if (const int code = reader->open(); code != 0)
    return {refused(address, why_not_opened(code)),
            is_timeout(code) || is_busy(code) || is_out_of_order(code)};
  const PowerSample first = reader->read().front();
  if (first.watts) {
    const std::string why = why_no_value("dcmi", reader->channels().front(), *first.watts);
    if (why.empty()) return {std::move(reader)};
    return {refused(address, {"the BMC's reading is no value: " + why, "is the host powered on?"}), true};
  }
  return {refused(address, why_no_reading(reader->last_error(), reader->completion_code(), first.status)),
          first.status == SampleStatus::busy || first.status == SampleStatus::timeout,
          reader->last_error() == IPMI_ERR_PRIVILEGE_LEVEL_INSUFFICIENT};
}

}  // namespace

Result<> dcmi_in_band_usable() {
  const int fd = ::open(kIpmiDevice, O_RDWR | O_CLOEXEC);
  if (fd >= 0) {
    ::close(fd);
    return {};
  }
  const int error = errno;
  return fail_errno(Failure::not_possible, "the BMC's device cannot be opened", error, kIpmiDevice,
                    error == ENOENT ? "sudo modprobe -a ipmi_si ipmi_devintf (PowerNV: ipmi_powernv "
                                      "ipmi_devintf), or name a BMC on the network: dcmi://USER@HOST"
                                    : "run as root, or see perfwatt doctor");
}

Result<std::unique_ptr<PowerReader>> open_dcmi(const DcmiAddress& address, std::string_view password,
                                               double rate_hz, bool& transient) {
  transient = false;
  if (address.in_band)
    if (const Result<> usable = dcmi_in_band_usable(); !usable) return pass_on(usable);
  if (password.size() > IPMI_2_0_MAX_PASSWORD_LENGTH)
    return fail(Failure::input, "the password is longer than IPMI's 20 characters", shown_address(address));
  const std::vector<std::uint8_t> levels =
      address.privilege ? std::vector{*address.privilege} : kPrivilegesTried;
  Opened opened = open_with(address, password, rate_hz, levels[0]);
  for (std::size_t i = 1; i < levels.size() && opened.needs_more_privilege; ++i)
    opened = open_with(address, password, rate_hz, levels[i]);
  transient = opened.transient;
  return std::move(opened.reader);
}

namespace {

Result<std::unique_ptr<PowerReader>> open_dcmi_source(const std::string& text, const PowerRequest& request,
                                                      double rate_hz, Nanoseconds patience) {
  const Result<DcmiAddress> address = parse_dcmi(text);
  if (!address) return pass_on(address);
  const Result<Secret> password =
      address->in_band ? Secret() : bmc_password(request.password_file, shown_address(*address));
  if (!password) return pass_on(password);
  return open_patiently(
      patience, [&](bool& transient) { return open_dcmi(*address, password->view(), rate_hz, transient); });
}

PowerAdvice dcmi_advice() {
  if (::access(kIpmiDevice, F_OK) == 0)
    return {"sudo chmod g+rw /dev/ipmi0 && sudo chgrp \"$(id -gn)\" /dev/ipmi0",
            "sudo chgrp root /dev/ipmi0 && sudo chmod g-rw /dev/ipmi0"};
  if (std::filesystem::exists("/sys/firmware/opal"))
    return {"sudo modprobe -a ipmi_powernv ipmi_devintf", "sudo modprobe -r ipmi_devintf ipmi_powernv"};
  return {"sudo modprobe -a ipmi_si ipmi_devintf", "sudo modprobe -r ipmi_devintf ipmi_si"};
}

}  // namespace

constinit const PowerKind kDcmiPower = {
    "dcmi",
    "the BMC's power reading (IPMI DCMI), whole machine, 1 W steps",
    "dcmi: in-band through /dev/ipmi0; dcmi://USER@HOST[:PORT]?cipher=N&privilege=LEVEL&workaround=NAME: "
    "over the network",
    1.0,
    dcmi_in_band_usable,
    open_dcmi_source,
    dcmi_advice};

}  // namespace pw
