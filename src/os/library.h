// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace pw {

// A shared library that is loaded when it is first used, and may be absent. It is never unloaded: a thread
// that was left behind may still run in it.
class Library {
 public:
  // The first of `names` (as dlopen(3) takes them) that can be loaded. Errors (not_possible): none can.
  static Result<Library> open(const std::vector<std::string>& names);

  // Sets `function`, a pointer to one, to what has this name; to null, with false, where nothing has.
  template <class Function>
  bool find(const char* name, Function& function) const {
    function = reinterpret_cast<Function>(symbol(name));
    return function != nullptr;
  }

  // find() of each name and function in turn. Errors (not_possible): the first name that nothing has.
  template <class Function, class... More>
  Result<> bind(const char* name, Function& function, More&&... more) const {
    if (!find(name, function))
      return fail(Failure::not_possible, std::string("it has no function ") + name, name_);
    if constexpr (sizeof...(more) > 0)
      return bind(std::forward<More>(more)...);
    else
      return {};
  }

 private:
  Library(std::string name, void* handle) : name_(std::move(name)), handle_(handle) {}
  void* symbol(const char* name) const;

  std::string name_;
  void* handle_;
};

}  // namespace pw
