// SPDX-License-Identifier: GPL-3.0-or-later
// The power sources that there are, and those that a run uses.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "power/advice.h"
#include "power/source.h"

namespace pw {

struct PowerRequest {
  std::optional<std::string> sources;  // of --power; nothing: the default order
  std::optional<double> rate_hz;       // nothing: the source's own
  std::string password_file;
};

struct PowerKind {
  std::string_view name;
  std::string_view summary;
  std::string_view syntax;  // how --power names it
  double default_rate_hz;
  // Whether the plain name works here, without trying a reading.
  Result<> (*usable_here)();
  // Opens it and reads once; tries again for `patience` where it is busy or slow.
  Result<std::unique_ptr<PowerReader>> (*open)(const std::string& address, const PowerRequest& request,
                                               double rate_hz, Nanoseconds patience);
  PowerAdvice (*advice)();
  enum class Chosen { by_default, by_name, by_address };
  // by_address: the plain name is not enough, nor is it ever missing. The other two are only used where
  // named.
  Chosen chosen = Chosen::by_default;
};

// In the order in which they are tried where none is named.
std::span<const PowerKind> power_kinds();

struct OpenedPower {
  std::vector<std::unique_ptr<PowerReader>> readers;
  std::vector<std::string> refusals;  // of sources that were only tried
};

// Sources that are named must work: an error of an address is Failure::input, one that is unusable is
// Failure::not_possible, after 15 s of retries where it is busy or slow. Without names: the first that works.
Result<OpenedPower> open_power(const PowerRequest& request);

}  // namespace pw
