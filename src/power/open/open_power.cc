// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "model/power.h"
#include "power/open/sources.h"
#include "power/reader/checked_reader.h"
#include "power/reader/patience.h"

namespace pw {
namespace {

constexpr double kFastestHz = 10'000;

// Whether the address that `text` begins with goes on to its end: "exec:COMMAND".
bool takes_the_rest(std::string_view text) {
  return std::ranges::any_of(power_kinds(), [&](const PowerKind& kind) {
    return kind.takes_the_rest && text.starts_with(std::string(kind.name) + ":");
  });
}

Result<const PowerKind*> find_kind(const std::string& address) {
  const std::string name = address.substr(0, address.find_first_of(":?"));
  std::vector<std::string> names;
  for (const PowerKind& kind : power_kinds()) {
    if (kind.name == name) return &kind;
    names.emplace_back(kind.name);
  }
  if (name == "none") return fail(Failure::input, "'none' stands alone", "--power");
  names.emplace_back("none");
  const std::string hint = did_you_mean(name, names);
  return fail(Failure::input, "unknown power source '" + printable(name) + "'", "--power",
              hint.empty() ? "perfwatt list power shows them" : hint);
}

Result<> check_not_cut_off(const PowerKind& kind, const std::string& address) {
  const std::string_view rest = std::string_view(address).substr(kind.name.size());
  if (rest.empty() || !trim(rest.substr(1)).empty()) return {};
  return fail(Failure::input, fmt::format("nothing stands behind the '{}' of '{}'", rest.front(), kind.name),
              "--power", fmt::format("write {}", kind.syntax));
}

Result<std::unique_ptr<PowerReader>> open_kind(const PowerKind& kind, const std::string& address,
                                               const PowerRequest& request, Nanoseconds patience) {
  const double rate_hz = request.rate_hz.value_or(kind.default_rate_hz);
  if (!(rate_hz > 0) || rate_hz > kFastestHz)
    return fail(Failure::input, "a rate of " + exact_number(rate_hz) + " readings a second", "--rate",
                "more than 0, at most " + exact_number(kFastestHz));
  auto reader = kind.open(address, request, rate_hz, patience);
  if (reader) *reader = std::make_unique<CheckedReader>(std::move(*reader));
  return reader;
}

void take(OpenedPower& opened, std::unique_ptr<PowerReader> reader) {
  const std::string prefix = left_out_note(reader->describe());
  for (const std::string& part : reader->left_out()) opened.refusals.push_back(prefix + part);
  opened.readers.push_back(std::move(reader));
}

Result<OpenedPower> open_default(const PowerRequest& request) {
  OpenedPower opened;
  for (const PowerKind& kind : power_kinds()) {
    if (kind.chosen != PowerKind::Chosen::by_default) continue;
    auto reader = open_kind(kind, std::string(kind.name), request, {});
    if (reader) {
      take(opened, std::move(*reader));
      return opened;
    }
    if (reader.error().kind == Failure::input) return pass_on(reader);
    opened.refusals.push_back(std::string(kTriedNote) + std::string(kind.name) + ": " +
                              one_line(reader.error()));
  }
  return opened;
}

// Of sources of which none can be used: what is wrong with the one, or with each.
Error none_usable(const std::vector<Error>& errors) {
  if (errors.size() == 1) return errors.front();
  std::vector<std::string> lines;
  for (const Error& error : errors) lines.push_back(one_line(error));
  return {errors.front().kind, "no source can be used: " + join(lines, "; "), "--power", ""};
}

Result<OpenedPower> open_named(const PowerRequest& request) {
  OpenedPower opened;
  std::vector<Error> errors;
  const std::vector<std::string> addresses = power_addresses(*request.sources);
  for (const std::string& address : addresses) {
    const Result<const PowerKind*> kind = find_kind(address);
    if (!kind) return pass_on(kind);
    if (std::ranges::count(addresses, address) > 1)
      return fail(Failure::input, "the same " + std::string((*kind)->name) + " is named twice", "--power",
                  "leave one of them out");
    if (Result<> whole = check_not_cut_off(**kind, address); !whole) return pass_on(whole);
    auto reader = open_kind(**kind, address, request, kOpenPatience);
    if (reader) {
      take(opened, std::move(*reader));
      continue;
    }
    if (request.strict || reader.error().kind == Failure::input) return pass_on(reader);
    errors.push_back(reader.error());
    opened.refusals.push_back(std::string((*kind)->name) + " is not read: " + one_line(reader.error()));
  }
  if (opened.readers.empty()) return tl::unexpected(none_usable(errors));
  if (request.strict && !opened.refusals.empty())
    return fail(Failure::not_possible, join(opened.refusals, "; "), "--strict");
  return opened;
}

}  // namespace

std::vector<std::string> power_addresses(std::string_view list) {
  std::vector<std::string> addresses;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end =
        takes_the_rest(list.substr(at)) ? list.size() : std::min(list.find(',', at), list.size());
    addresses.emplace_back(list.substr(at, end - at));
    at = end + 1;
  }
  return addresses;
}

Result<OpenedPower> open_power(const PowerRequest& request) {
  if (!request.sources) return open_default(request);
  if (*request.sources == "none") return OpenedPower{};
  return open_named(request);
}

}  // namespace pw
