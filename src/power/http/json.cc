// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/http/json.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/nesting.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr std::size_t kDeepest = 64;

}  // namespace

std::optional<Json> parse_json(std::string_view text, std::initializer_list<std::string_view> without) {
  if (nests_deeper(text, kDeepest)) return std::nullopt;
  const auto keep = [&](int, Json::parse_event_t event, const Json& parsed) {
    return event != Json::parse_event_t::key ||
           std::ranges::find(without, parsed.get_ref<const std::string&>()) == without.end();
  };
  Json value = without.size() == 0 ? Json::parse(text, nullptr, false) : Json::parse(text, keep, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

const Json& member(const Json& object, std::initializer_list<const char*> path) {
  static const Json none;
  const Json* at = &object;
  for (const char* name : path) {
    if (!at->is_object()) return none;
    const auto found = at->find(name);
    if (found == at->end()) return none;
    at = &*found;
  }
  return *at;
}

std::optional<double> number_in(const Json& value) {
  std::optional<double> found;
  if (value.is_number()) found = value.get<double>();
  if (value.is_string()) found = parse_number(trim(value.get_ref<const std::string&>()));
  if (!found || !std::isfinite(*found)) return std::nullopt;
  return found;
}

}  // namespace pw
