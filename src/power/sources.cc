// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sources.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/text.h"
#include "os/clock.h"
#include "power/dcmi.h"
#include "power/password.h"
#include "power/redfish.h"
#include "power/redfish_http.h"

namespace pw {
namespace {

constexpr Nanoseconds kPatience{15'000'000'000};  // design §3, exit status 3
constexpr std::chrono::milliseconds kPause{250};
constexpr double kFastestHz = 10'000;

// `open(transient)` until it succeeds, or fails for good (not transient), or another try as long as the last
// would not end within `patience`.
template <class Open>
auto open_patiently(Nanoseconds patience, Open open) {
  const Nanoseconds give_up = monotonic_now() + patience;
  while (true) {
    bool transient = false;
    const Nanoseconds begin = monotonic_now();
    auto reader = open(transient);
    const Nanoseconds end = monotonic_now();
    if (reader || !transient || end + (end - begin) > give_up) return reader;
    std::this_thread::sleep_for(kPause);
  }
}

Result<std::unique_ptr<PowerReader>> open_dcmi_source(const std::string& text, const PowerRequest& request,
                                                      double rate_hz, Nanoseconds patience) {
  const Result<DcmiAddress> address = parse_dcmi(text);
  if (!address) return pass_on(address);
  const Result<std::string> password =
      address->in_band ? std::string() : bmc_password(request.password_file, shown_address(*address));
  if (!password) return pass_on(password);
  return open_patiently(patience,
                        [&](bool& transient) { return open_dcmi(*address, *password, rate_hz, transient); });
}

Result<std::unique_ptr<PowerReader>> open_redfish_source(const std::string& text, const PowerRequest& request,
                                                         double rate_hz, Nanoseconds patience) {
  const Result<RedfishAddress> address = parse_redfish(text);
  if (!address) return pass_on(address);
  const Result<std::string> password = bmc_password(request.password_file, shown_address(*address));
  if (!password) return pass_on(password);
  return open_patiently(patience,
                        [&](bool& transient) { return open_redfish(*address, *password, rate_hz, transient); });
}

PowerAdvice redfish_advice() { return {"sudo apt-get install libcurl4", "sudo apt-get remove libcurl4"}; }

PowerAdvice dcmi_advice() {
  if (::access("/dev/ipmi0", F_OK) == 0)
    return {"sudo chmod g+rw /dev/ipmi0 && sudo chgrp \"$(id -gn)\" /dev/ipmi0",
            "sudo chgrp root /dev/ipmi0 && sudo chmod g-rw /dev/ipmi0"};
  if (std::filesystem::exists("/sys/firmware/opal"))
    return {"sudo modprobe -a ipmi_powernv ipmi_devintf", "sudo modprobe -r ipmi_devintf ipmi_powernv"};
  return {"sudo modprobe -a ipmi_si ipmi_devintf", "sudo modprobe -r ipmi_devintf ipmi_si"};
}

constexpr PowerKind kKinds[] = {
    {"dcmi", "the BMC's power reading (IPMI DCMI), whole machine, 1 W steps",
     "dcmi: in-band through /dev/ipmi0; dcmi://USER@HOST[:PORT]?cipher=N&privilege=LEVEL&workaround=NAME: "
     "over the network",
     1.0, dcmi_in_band_usable, open_dcmi_source, dcmi_advice},
    {"redfish", "the BMC's power reading (Redfish over HTTPS), whole machine, and its power supplies",
     "redfish://USER@HOST[:PORT]?chassis=ID&psu=1&cacert=FILE", 1.0, libcurl_usable, open_redfish_source,
     redfish_advice, true},
};

Result<const PowerKind*> find_kind(const std::string& address) {
  const std::string name = address.substr(0, address.find_first_of(":?"));
  std::vector<std::string> names;
  for (const PowerKind& kind : kKinds) {
    if (kind.name == name) return &kind;
    names.emplace_back(kind.name);
  }
  if (name == "none") return fail(Failure::input, "'none' stands alone", "--power");
  names.emplace_back("none");
  const std::string hint = did_you_mean(name, names);
  return fail(Failure::input, "unknown power source '" + printable(name) + "'", "--power",
              hint.empty() ? "perfwatt list power shows them" : hint);
}

Result<std::unique_ptr<PowerReader>> open_kind(const PowerKind& kind, const std::string& address,
                                               const PowerRequest& request, Nanoseconds patience) {
  const double rate_hz = request.rate_hz.value_or(kind.default_rate_hz);
  if (!(rate_hz > 0) || rate_hz > kFastestHz)
    return fail(Failure::input, "a rate of " + exact_number(rate_hz) + " readings a second", "--rate",
                "more than 0, at most " + exact_number(kFastestHz));
  return kind.open(address, request, rate_hz, patience);
}

Result<OpenedPower> open_default(const PowerRequest& request) {
  OpenedPower opened;
  for (const PowerKind& kind : kKinds) {
    if (kind.needs_address) continue;
    auto reader = open_kind(kind, std::string(kind.name), request, {});
    if (reader) {
      opened.readers.push_back(std::move(*reader));
      return opened;
    }
    if (reader.error().kind == Failure::input) return pass_on(reader);
    opened.refusals.push_back("power source " + std::string(kind.name) + ": " + one_line(reader.error()));
  }
  return opened;
}

}  // namespace

std::span<const PowerKind> power_kinds() { return kKinds; }

Result<OpenedPower> open_power(const PowerRequest& request) {
  if (!request.sources) return open_default(request);
  OpenedPower opened;
  if (*request.sources == "none") return opened;
  for (const std::string& address : split(*request.sources, ',')) {
    const Result<const PowerKind*> kind = find_kind(address);
    if (!kind) return pass_on(kind);
    auto reader = open_kind(**kind, address, request, kPatience);
    if (!reader) return pass_on(reader);
    opened.readers.push_back(std::move(*reader));
  }
  return opened;
}

}  // namespace pw
