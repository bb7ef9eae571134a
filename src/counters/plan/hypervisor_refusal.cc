// SPDX-License-Identifier: GPL-3.0-or-later
// What the errnos of hv_gpci and hv_24x7 mean. Opening asks the hypervisor once. hv_gpci: EPERM where the
// partition may not collect, EINVAL for any other refusal, and until Linux 6.9 for all of them (commit
// ad86d7ee43b2, whose message tells of that). hv_24x7: EACCES where the partition may not collect of whole
// chips or of others, EIO for other refusals. Both have no exclude_*.
#include <cerrno>
#include <system_error>

#include "counters/names/hypervisor.h"
#include "counters/plan/refusal.h"

namespace pw {
namespace {

const std::string kSwitch =
    "\"Enable Performance Information Collection\" of this partition is off on its HMC (partition "
    "properties)";

Refusal refused(const std::string& others, const std::string& code) {
  return {CountStatus::not_supported,
          "the hypervisor refused to read it (" + code + "): most likely " + kSwitch + "; else " + others};
}

std::string parameters_of(const EventRequest& request) {
  return request.pmu == kGpci
             ? "a parameter is wrong, or this firmware does not have the request"
             : "there is no such chip, core or processor, or this firmware has no such event";
}

}  // namespace

std::optional<Refusal> hypervisor_refusal(int error, bool paranoid, const EventRequest& request) {
  if (request.pmu.empty()) return std::nullopt;
  const std::string code = std::generic_category().message(error);
  if (error == EINVAL && request.cpus.empty())
    return Refusal{CountStatus::not_supported,
                   "it is counted for the whole machine, not for a command: -a (" + code + ")"};
  if (error == EINVAL && !request.modifier.empty())
    return Refusal{CountStatus::not_supported,
                   "it takes no modifier: write it without :" + request.modifier + " (" + code + ")"};
  const bool collects_not = request.pmu == kGpci ? error == EPERM : error == EACCES && !paranoid;
  if (collects_not) return Refusal{CountStatus::not_permitted, kSwitch + " (" + code + ")"};
  if (error == EINVAL || error == EIO) return refused(parameters_of(request), code);
  return std::nullopt;
}

}  // namespace pw
