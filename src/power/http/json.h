// SPDX-License-Identifier: GPL-3.0-or-later
// JSON that a service answers, read without trusting a member of it.
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace pw {

using Json = nlohmann::json;

// Nothing where `text` is no JSON, or nests deeper than 64; members of the names in `without` are not kept.
std::optional<Json> parse_json(std::string_view text, std::initializer_list<std::string_view> without = {});

// The member at the end of `path`, as in {"PowerWatts", "Reading"}; null where any is missing.
const Json& member(const Json& object, std::initializer_list<const char*> path);

// A finite number, or a text that is one.
std::optional<double> number_in(const Json& value);

}  // namespace pw
