// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sources.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/text.h"
#include "os/clock.h"
#include "os/root.h"
#include "power/csv_meter.h"
#include "power/dcmi.h"
#include "power/exec_meter.h"
#include "power/hwmon.h"
#include "power/nvml.h"
#include "power/occ.h"
#include "power/password.h"
#include "power/perf_rapl.h"
#include "power/rapl.h"
#include "power/redfish.h"
#include "power/redfish_http.h"

namespace pw {
namespace {

constexpr std::chrono::milliseconds kPause{250};

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
  return open_patiently(
      patience, [&](bool& transient) { return open_redfish(*address, *password, rate_hz, transient); });
}

// What stands behind the kind's name: "occ:FILE"; `usual` where nothing does.
std::string path_in(const std::string& address, const char* usual) {
  const std::size_t colon = address.find(':');
  return colon == std::string::npos ? usual : address.substr(colon + 1);
}

Result<std::unique_ptr<PowerReader>> open_occ_source(const std::string& address, const PowerRequest&,
                                                     double rate_hz, Nanoseconds) {
  return open_occ(path_in(address, kOccFile), rate_hz);
}

Result<std::unique_ptr<PowerReader>> open_rapl_source(const std::string& address, const PowerRequest&,
                                                      double rate_hz, Nanoseconds) {
  return open_rapl(path_in(address, kPowercapFolder), rate_hz);
}

Result<std::unique_ptr<PowerReader>> open_hwmon_source(const std::string& address, const PowerRequest&,
                                                       double rate_hz, Nanoseconds) {
  return open_hwmon(path_in(address, kHwmonFolder), rate_hz);
}

Result<std::unique_ptr<PowerReader>> open_nvml_source(const std::string& address, const PowerRequest&,
                                                      double rate_hz, Nanoseconds) {
  return open_nvml(path_in(address, kNvmlLibrary), rate_hz);
}

Result<std::unique_ptr<PowerReader>> open_perf_rapl_source(const std::string&, const PowerRequest&,
                                                           double rate_hz, Nanoseconds) {
  return open_perf_rapl(Root(), rate_hz, open_cpu_counter);
}

Result<std::unique_ptr<PowerReader>> open_exec_source(const std::string& address, const PowerRequest&,
                                                      double rate_hz, Nanoseconds patience) {
  return open_exec(path_in(address, ""), rate_hz, patience);
}

Result<std::unique_ptr<PowerReader>> open_csv_source(const std::string& address, const PowerRequest&,
                                                     double rate_hz, Nanoseconds patience) {
  return open_csv(path_in(address, ""), rate_hz, patience);
}

Result<> always() { return {}; }

// Opened at 1 Hz and read once.
template <auto Open>
Result<> opens_here() {
  const auto reader = Open({}, {}, 1, {});
  if (!reader) return pass_on(reader);
  return {};
}

// A little faster than the OCC copies its sensors out, so that among some readings one is fresh: time stamps
// then tell the age of all.
constexpr double kOccHz = 26;

constexpr PowerKind kKinds[] = {
    {"occ", "POWER9 and POWER10 On-Chip Controllers, in-band: energy of the machine, sockets, memory, GPUs",
     "occ: bare metal; occ:FILE: another file", kOccHz, opens_here<open_occ_source>, open_occ_source,
     occ_advice},
    {"rapl", "RAPL energy counters of x86 packages, cores and memory (powercap)",
     "rapl; rapl:DIR: another folder than /sys/class/powercap", 10, opens_here<open_rapl_source>,
     open_rapl_source, rapl_advice},
    {"perf-rapl", "the same counters through perf's PMU `power`, for those who may not read powercap",
     "perf-rapl", 10, opens_here<open_perf_rapl_source>, open_perf_rapl_source, perf_rapl_advice},
    {"hwmon", "energy and power of hwmon devices: ibmpowernv, ACPI power meters, SCMI, INA chips",
     "hwmon; hwmon:DIR: another folder than /sys/class/hwmon", 10, opens_here<open_hwmon_source>,
     open_hwmon_source, hwmon_advice},
    {"dcmi", "the BMC's power reading (IPMI DCMI), whole machine, 1 W steps",
     "dcmi: in-band through /dev/ipmi0; dcmi://USER@HOST[:PORT]?cipher=N&privilege=LEVEL&workaround=NAME: "
     "over the network",
     1.0, dcmi_in_band_usable, open_dcmi_source, dcmi_advice},
    {"redfish", "the BMC's power reading (Redfish over HTTPS), whole machine, and its power supplies",
     "redfish://USER@HOST[:PORT]?chassis=ID&psu=1&cacert=FILE", 1.0, libcurl_usable, open_redfish_source,
     redfish_advice, PowerKind::Chosen::by_address},
    {"nvml", "NVIDIA boards (NVML): energy counters, or power where a board has none",
     "nvml; nvml:FILE: another library than libnvidia-ml.so.1", 10, opens_here<open_nvml_source>,
     open_nvml_source, nvml_advice, PowerKind::Chosen::by_name},
    {"exec", "any other meter: a program that prints `watts` or `time,watts` lines",
     "exec:COMMAND, to the end of the list: its commas are its own", 10, always, open_exec_source, no_advice,
     PowerKind::Chosen::by_address},
    {"csv", "any other meter: a log that another program appends such lines to", "csv:FILE", 10, always,
     open_csv_source, no_advice, PowerKind::Chosen::by_address},
};

}  // namespace

std::span<const PowerKind> power_kinds() { return kKinds; }

}  // namespace pw
