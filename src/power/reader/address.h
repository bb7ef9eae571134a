// SPDX-License-Identifier: GPL-3.0-or-later
// What addresses of --power have in common. All errors are Failure::input, and repeat nothing that may be a
// password.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace pw {

tl::unexpected<Error> wrong_address(std::string what, std::string hint);

// "unknown WHAT 'name'", and which of `names` may be meant, or all of them.
tl::unexpected<Error> unknown_in_address(const std::string& what, const std::string& name,
                                         const std::vector<std::string>& names);

// What stands behind the kind's name: "FILE" of "occ:FILE"; `usual` where nothing does.
std::string path_in(const std::string& address, const char* usual);

// PLACE?QUERY, taken apart. Errors: control characters, no UTF-8; `form` is what to write.
struct SplitAddress {
  std::string place;
  std::optional<std::string> query;
};
Result<SplitAddress> split_address(const std::string& text, const std::string& form);

struct NetworkPlace {
  std::string user;
  std::string host;  // with ":PORT" where one was given
};

// USER@HOST[:PORT], where HOST is a name, an IPv4 address or an IPv6 address in brackets.
Result<NetworkPlace> parse_place(const std::string& text, const std::string& form,
                                 const std::string& usual_port);

// A key of the query: what is done with its value. `name` is the key's own.
template <class Address>
struct AddressKey {
  std::string_view name;
  Result<> (*set)(Address& address, const std::string& value, std::string_view name);
  bool adds = false;  // may be given more than once
};

// KEY=VALUE&..., as names and values.
std::vector<std::pair<std::string, std::string>> query_pairs(const std::string& query);

template <class Address>
Result<> set_query(Address& address, const std::string& query, std::span<const AddressKey<Address>> keys) {
  std::vector<std::string> names;
  std::set<std::string_view> given;
  for (const AddressKey<Address>& key : keys) names.emplace_back(key.name);
  for (const auto& [name, value] : query_pairs(query)) {
    const AddressKey<Address>* found = nullptr;
    for (const AddressKey<Address>& key : keys)
      if (key.name == name) found = &key;
    if (!found) return unknown_in_address("key", name, names);
    if (!given.insert(found->name).second && !found->adds)
      return wrong_address(name + " is given twice", "leave one of them out");
    if (Result<> set = found->set(address, value, found->name); !set) return set;
  }
  return {};
}

// AddressKey::set of a text that may not be empty, and of a flag that is 0 or 1.
Result<> parse_text(std::string& into, const std::string& value, std::string_view name);
Result<> parse_flag(bool& into, const std::string& value, std::string_view name);

template <auto Member, class Address>
Result<> set_text(Address& address, const std::string& value, std::string_view name) {
  return parse_text(address.*Member, value, name);
}

template <auto Member, class Address>
Result<> set_flag(Address& address, const std::string& value, std::string_view name) {
  return parse_flag(address.*Member, value, name);
}

}  // namespace pw
