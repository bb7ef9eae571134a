// SPDX-License-Identifier: GPL-3.0-or-later
// clang++ -fsanitize=fuzzer,address: any text as a --power address. What is accepted is in range, holds no
// password, and means the same when it is read back as it is shown.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "power/bmc/dcmi_address.h"

namespace {

void check(bool promise) {
  if (!promise) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const pw::Result<pw::DcmiAddress> address = pw::parse_dcmi(text);
  if (!address) {
    check(address.error().kind == pw::Failure::input && !address.error().what.empty());
    return 0;
  }
  check(pw::printable(text) == text);
  check(address->cipher >= 0 && address->cipher <= 17);
  if (address->in_band) return 0;
  check(!address->user.empty() && address->user.find(':') == std::string::npos && !address->host.empty());
  const pw::Result<pw::DcmiAddress> again = pw::parse_dcmi(pw::shown_address(*address));
  check(again && again->user == address->user && again->host == address->host);
  return 0;
}
