// SPDX-License-Identifier: GPL-3.0-or-later
// A kind of power source: the row that stands beside its code. power/open lists the rows.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/units.h"
#include "power/reader/power_reader.h"

namespace pw {

struct PowerRequest {
  std::optional<std::string> sources;  // of --power; nothing: the default order
  std::optional<double> rate_hz;       // nothing: the source's own
  std::string password_file;
  bool strict = false;  // named sources are read all, and whole
};

// The commands that would make a source usable here, and take that back, for `perfwatt doctor`; "" where
// there is none.
struct PowerAdvice {
  std::string allow;
  std::string undo;
};

inline PowerAdvice no_advice() { return {}; }

struct PowerKind {
  std::string_view name;
  std::string_view summary;
  std::string_view syntax;  // how --power names it
  double default_rate_hz;
  // Whether the plain name works here; may open it and read once.
  Result<> (*usable_here)();
  // Opens it and reads once; tries again for `patience` where it is busy or slow.
  Result<std::unique_ptr<PowerReader>> (*open)(const std::string& address, const PowerRequest& request,
                                               double rate_hz, Nanoseconds patience);
  PowerAdvice (*advice)();
  enum class Chosen { by_default, by_name, by_address };
  // by_name and by_address are only used where named; by_address: the plain name is not enough, nor is it
  // ever missing.
  Chosen chosen = Chosen::by_default;
  bool takes_the_rest = false;  // of --power's list: commas in its address are its own
};

// PowerKind::usable_here of what can always be tried.
inline Result<> always_usable() { return {}; }

// PowerKind::usable_here of what is opened at 1 Hz and read once to find out.
template <auto Open>
Result<> opens_here() {
  const auto reader = Open({}, {}, 1, {});
  if (!reader) return pass_on(reader);
  return {};
}

}  // namespace pw
